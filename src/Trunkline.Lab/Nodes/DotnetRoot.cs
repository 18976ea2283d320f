namespace Trunkline.Lab.Nodes;

/// <summary>Where the runtime that runs us lives: nodes run the same one, wherever the machine's owner put it.</summary>
internal static class DotnetRoot
{
    /// <summary>DOTNET_ROOT: three levels above shared/Microsoft.NETCore.App/VERSION.</summary>
    public static string Find() =>
        Path.GetFullPath(Path.Join(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
}
