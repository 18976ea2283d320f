namespace Trunkline.Netcat;

/// <summary>Ncat's lines on stderr.</summary>
internal sealed class Reporter(TextWriter stderr, int verbosity)
{
    internal bool Verbose => verbosity > 0;

    /// <summary>Always printed.</summary>
    internal void User(string line) => Write($"Ncat: {line}");

    /// <summary>Printed with <c>-v</c>.</summary>
    internal void Detail(string line)
    {
        if (verbosity > 0)
        {
            Write($"Ncat: {line}");
        }
    }

    /// <summary>Printed with <c>-vv</c>.</summary>
    internal void Debug(string line)
    {
        if (verbosity > 1)
        {
            Write($"NCAT DEBUG: {line}");
        }
    }

    /// <summary>A line with no prefix of Ncat's (getopt's, libnsock's).</summary>
    internal void Plain(string line) => Write(line);

    private void Write(string line)
    {
        lock (stderr)
        {
            stderr.Write(line + "\n");
            stderr.Flush();
        }
    }
}
