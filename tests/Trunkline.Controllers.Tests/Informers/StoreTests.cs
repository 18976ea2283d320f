using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.Informers;

public class StoreTests
{
    private readonly Store<V1Pod> _store = new();
    private readonly List<string> _seen = [];

    public StoreTests() => _store.Changed += (old, now) => _seen.Add($"{old?.Metadata.ResourceVersion}>{now?.Metadata.ResourceVersion}");

    [Fact]
    public void Our_own_write_is_known_at_once_and_its_echo_is_no_news()
    {
        _store.ApplyWrite(At(5));
        _store.ApplyWatch(At(5));
        Assert.Equal([">5"], _seen);
    }

    [Fact]
    public void An_older_watch_event_does_not_undo_a_newer_write()
    {
        _store.ApplyWatch(At(3));
        _store.ApplyWrite(At(7));
        _store.ApplyWatch(At(6));
        Assert.Equal("7", _store.Get("demo", "p")!.Metadata.ResourceVersion);
    }

    [Fact]
    public void An_answer_that_comes_after_the_deletion_raises_no_dead()
    {
        _store.ApplyWatch(At(5));
        _store.Remove(At(8));
        _store.ApplyWrite(At(5));
        Assert.Empty(_store.All);
    }

    [Fact]
    public void A_fresh_list_finds_what_was_deleted_unseen()
    {
        _store.ApplyWatch(At(5));
        _store.Replace([At(9, "q")], 10);
        Assert.Equal("q", Assert.Single(_store.All).Metadata.Name);
        Assert.Equal([">5", "5>", ">9"], _seen);
    }

    [Fact]
    public void An_index_knows_what_belongs_together_however_it_came_and_went()
    {
        _store.ApplyWatch(On(1, "p", "n1"));
        var index = _store.IndexBy(p => p.Spec.NodeName is { } node ? new ObjectKey("", node) : null);
        _store.ApplyWatch(On(2, "q", "n1"));
        Assert.Equal(["p", "q"], Names("n1"));
        _store.ApplyWrite(On(3, "p", "n2"));
        Assert.Equal(["q"], Names("n1"));
        Assert.Equal(["p"], Names("n2"));
        _store.Replace([On(5, "r", "n2")], 6);
        Assert.Empty(Names("n1"));
        Assert.Equal(["r"], Names("n2"));
        _store.ApplyWatch(On(7, "r", null));
        Assert.Empty(Names("n2"));

        string[] Names(string node) => [.. index.Of(new ObjectKey("", node)).Select(p => p.Metadata.Name).Order()];
        static V1Pod On(int revision, string name, string? node)
        {
            var pod = At(revision, name);
            pod.Spec.NodeName = node;
            return pod;
        }
    }

    private static V1Pod At(int revision, string name = "p") => Make.Pod(name, with: p => p.Metadata.ResourceVersion = $"{revision}");
}
