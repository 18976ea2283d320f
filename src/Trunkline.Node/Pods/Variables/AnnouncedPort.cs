namespace Trunkline.Node.Pods.Variables;

/// <summary>A port of an <see cref="AnnouncedService"/>; its name is empty where it has none.</summary>
internal readonly record struct AnnouncedPort(string Name, int Number, string Protocol);
