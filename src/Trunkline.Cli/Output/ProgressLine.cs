namespace Trunkline.Cli.Output;

/// <summary>One line on standard error that says how far a long step has come; only where somebody looks at it.</summary>
internal static class ProgressLine
{
    /// <summary>Writes over the last words; nothing takes them away.</summary>
    public static void Say(string what)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r\x1b[K{what}");
        }
    }
}
