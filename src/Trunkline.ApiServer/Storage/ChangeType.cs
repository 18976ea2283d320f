namespace Trunkline.ApiServer.Storage;

public enum ChangeType
{
    Added,
    Modified,
    Deleted,
}
