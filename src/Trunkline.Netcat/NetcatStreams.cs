namespace Trunkline.Netcat;

/// <summary>The three standard streams, handed in so that tests can be the terminal.</summary>
public sealed record NetcatStreams(Stream Input, Stream Output, TextWriter Error)
{
    /// <summary>The process's own, unbuffered.</summary>
    public static NetcatStreams OfProcess() => new(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error);
}
