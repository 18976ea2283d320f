namespace Trunkline.Policy.Model;

public enum TrafficDirection
{
    Ingress,
    Egress,
}
