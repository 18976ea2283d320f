using Trunkline.Operations.Objects;

namespace Trunkline.Cli.Verbs;

/// <summary>Says on standard error what was not read, since what is said of the cluster is then said without it.</summary>
internal static class Unread
{
    public static void Tell(ClusterObjects objects)
    {
        foreach (var unread in objects.Unread)
        {
            Console.Error.WriteLine($"trunkline: without {unread.Kind}: {unread.Why}");
        }

        foreach (var unread in objects.UnreadFiles)
        {
            Console.Error.WriteLine($"trunkline: without {unread.File}: {unread.Why}");
        }
    }
}
