using System.Net;
using Trunkline.Node.IntegrationTests.Kernel.Reading;
using Trunkline.Node.IntegrationTests.Kernel.Statements;

namespace Trunkline.Node.IntegrationTests.Kernel;

/// <summary>One packet on its way through the hooks of a node: nf_tables' evaluation (nft_do_chain) in small.</summary>
internal sealed class Walk(KernelRules rules, NodeRoutesView routes, WalkedPacket packet, int choice)
{
    // NFT_JUMP_STACK_SIZE: the kernel refuses deeper rules when they are loaded.
    private const int MaxDepth = 16;
    private static readonly Verdict s_policyDrop = new(VerdictKind.Drop);
    private readonly List<string> _path = [];
    private IPAddress _source = packet.Source;
    private IPAddress _destination = packet.Destination;
    private string _decidedBy = "";
    private int _alternatives = 1;
    private bool _translatedHere;

    public WalkedPacket Packet => packet;

    public string? In => packet.In;

    public string? Out { get; private set; }

    public bool IsIpv6 { get; } = packet.IsIpv6;

    public UInt128 SourceNumber { get; private set; } = Values.Address(packet.Source);

    public UInt128 DestinationNumber { get; private set; } = Values.Address(packet.Destination);

    public UInt128 OriginalDestinationNumber { get; } = Values.Address(packet.OriginalDestination ?? packet.Destination);

    public int DestinationPort { get; private set; } = packet.DestinationPort;

    public CtState State { get; set; } = packet.State;

    public uint Mark { get; set; }

    public uint CtMark { get; set; } = packet.CtMark;

    public Verdict Verdict { get; set; } = Verdict.Accept;

    public bool IsTranslated => _translatedHere || packet.OriginalDestination is not null;

    public int Choose(int modulus)
    {
        _alternatives = Math.Max(_alternatives, modulus);
        return choice % modulus;
    }

    public string? LinkTo(bool source) => routes.LinkTo(source ? _source : _destination);

    public bool IsOwn(bool source) => routes.IsOwn(source ? _source : _destination);

    public void TranslateDestination(UInt128? address, int? port)
    {
        if (address is { } number)
        {
            (DestinationNumber, _destination, _translatedHere) = (number, Values.Address(number, IsIpv6), true);
        }

        DestinationPort = port ?? DestinationPort;
    }

    /// <summary>Null: to the address of the link it leaves by, which the model calls the unspecified one.</summary>
    public void TranslateSource(UInt128? address)
    {
        SourceNumber = address ?? 0;
        _source = Values.Address(SourceNumber, IsIpv6);
    }

    public Outcome Run()
    {
        if (In is null)
        {
            Out = routes.LinkTo(_destination);
            return Hook("output") ?? Leave();
        }

        if (Hook("prerouting") is { } ended)
        {
            return ended;
        }

        if (routes.IsOwn(_destination))
        {
            return Hook("input") ?? End(Fate.Accepted);
        }

        Out = routes.LinkTo(_destination);
        return Out is null ? End(Fate.Unroutable) : Hook("forward") ?? Leave();
    }

    private Outcome Leave()
    {
        Out = routes.LinkTo(_destination); // asked again where output has translated
        return Out is null ? End(Fate.Unroutable) : Hook("postrouting") ?? End(Fate.Accepted);
    }

    private Outcome? Hook(string name)
    {
        var nat = State != CtState.New;
        foreach (var chain in rules.At(name))
        {
            if (chain.IsNat)
            {
                if (nat)
                {
                    continue;
                }
            }

            var verdict = Evaluate(chain, 0) ?? (chain.Drops ? s_policyDrop : Verdict.Accept);
            nat |= chain.IsNat && verdict.Kind == VerdictKind.Accept && _translatedHere && name != "postrouting"; // one translation a flow and side
            switch (verdict.Kind)
            {
                case VerdictKind.Accept:
                    continue;
                case VerdictKind.Drop:
                    return End(Fate.Dropped);
                case VerdictKind.Reject:
                    return End(Fate.Rejected);
                default:
                    return End(Fate.Queued);
            }
        }

        return null;
    }

    /// <summary>Null: the chain came to its end, or a rule returned from it.</summary>
    private Verdict? Evaluate(KernelChain chain, int depth)
    {
        while (true)
        {
            if (depth >= MaxDepth)
            {
                throw new UnknownRuleException($"jumps deeper than {MaxDepth}, by way of {string.Join(" ", _path)}");
            }

            _path.Add(chain.Name);
            KernelChain? next = null;
            foreach (var rule in chain.Rules)
            {
                if (Execute(rule) is not { Kind: not VerdictKind.Continue } verdict)
                {
                    continue;
                }

                switch (verdict.Kind)
                {
                    case VerdictKind.Return:
                        return null;
                    case VerdictKind.Jump:
                        if (Evaluate(rules.Chain(verdict.Chain!), depth + 1) is { } inner)
                        {
                            return inner;
                        }

                        continue;
                    case VerdictKind.Goto:
                        next = rules.Chain(verdict.Chain!);
                        break;
                    default:
                        _decidedBy = chain.Name;
                        return verdict;
                }

                break;
            }

            if (next is null)
            {
                return null;
            }

            chain = next;
        }
    }

    private Verdict? Execute(KernelRule rule)
    {
        foreach (var statement in rule.Statements)
        {
            switch (statement.Execute(this))
            {
                case Step.Break:
                    return null;
                case Step.Verdict:
                    return Verdict;
                default:
                    continue;
            }
        }

        return null;
    }

    private Outcome End(Fate fate) => new(fate, fate == Fate.Unroutable ? "" : _decidedBy, fate == Fate.Accepted ? Out : null)
    {
        Source = _source,
        Destination = _destination,
        DestinationPort = DestinationPort,
        CtMark = CtMark,
        Path = _path,
        Alternatives = _alternatives,
    };
}
