namespace Trunkline.Lab.Nodes;

/// <summary>
/// Environment of the lab's .NET processes. There are four of them on a small machine: they start from precompiled code, keep small heaps, and
/// leave recompilation of hot code to where it pays.
/// </summary>
internal static class RuntimeEnvironment
{
    public static IReadOnlyDictionary<string, string> Variables() => new Dictionary<string, string>
    {
        ["DOTNET_ROOT"] = DotnetRoot.Find(),
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_GCgen0size"] = "0x400000",
        ["DOTNET_GCConserveMemory"] = "5",
        ["MALLOC_ARENA_MAX"] = "1",
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_NOLOGO"] = "1",

        // Thirty calls is the default, and nearly all that starts is called that often: compiling it anew took more than half of an agent's time at its start, and 10 MB of it.
        // What is hot is still found, a little later (hexadecimal: 10,000 calls).
        ["DOTNET_TC_CallCountThreshold"] = "2710",

        // Nothing in a lab speaks QUIC: its library is not looked for.
        ["DOTNET_SYSTEM_NET_HTTP_SOCKETSHTTPHANDLER_HTTP3SUPPORT"] = "0",

        // The lab's processes trust the lab's authority alone; reading the machine's some hundred takes each of them 100 ms at its start.
        ["SSL_CERT_DIR"] = "/dev/null",
        ["SSL_CERT_FILE"] = "/dev/null",
    };
}
