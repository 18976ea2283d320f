using Trunkline.Sctp.Association;

namespace Trunkline.Sctp.Tests.Association;

/// <summary>RFC 9260 section 7.2, by its numbers.</summary>
public sealed class CongestionControlTests
{
    private const int Size = 1452;

    [Fact]
    public void It_begins_with_4404_bytes() => Assert.Equal(4404, new RenoCongestionControl(Size).Window);

    [Fact]
    public void Slow_start_grows_by_what_was_acknowledged_and_only_when_the_window_was_used()
    {
        var control = new RenoCongestionControl(Size);
        control.Acknowledged(new Acknowledgement(Size, 4404, true, false, false));
        Assert.Equal(4404 + Size, control.Window);
        control.Acknowledged(new Acknowledgement(Size, 1000, true, false, false));
        control.Acknowledged(new Acknowledgement(Size, 6000, false, false, false));
        control.Acknowledged(new Acknowledgement(Size, 6000, true, true, false));
        Assert.Equal(4404 + Size, control.Window);
        control.Acknowledged(new Acknowledgement(100 * Size, 6000, true, false, false));
        Assert.Equal(4404 + (3 * Size), control.Window);
    }

    [Fact]
    public void A_timeout_leaves_one_packet_and_half_the_window_as_threshold()
    {
        var control = Grown(40);
        var before = control.Window;
        control.Timeout();
        Assert.Equal((Size, before / 2), (control.Window, control.SlowStartThreshold));
    }

    [Fact]
    public void After_a_fast_retransmission_the_window_grows_by_one_packet_a_round_trip()
    {
        var control = Grown(40);
        control.FastRetransmit();
        var window = control.Window;
        Assert.Equal(window, control.SlowStartThreshold);
        control.Acknowledged(new Acknowledgement(1, window, true, false, false));
        control.Timeout();
        while (control.Window <= control.SlowStartThreshold)
        {
            control.Acknowledged(new Acknowledgement(Size, control.Window, true, false, false));
        }

        window = control.Window;
        for (var acknowledged = 0; acknowledged < window - Size; acknowledged += Size)
        {
            control.Acknowledged(new Acknowledgement(Size, window, true, false, false));
            Assert.InRange(control.Window, window, window + Size);
        }
    }

    [Fact]
    public void An_unused_window_decays_to_four_packets()
    {
        var control = Grown(40);
        var before = control.Window;
        control.Idle(1);
        Assert.Equal((before / 2, before), (control.Window, control.SlowStartThreshold));
        control.Idle(20);
        Assert.Equal(4 * Size, control.Window);
    }

    private static RenoCongestionControl Grown(int steps)
    {
        var control = new RenoCongestionControl(Size);
        for (var i = 0; i < steps; i++)
        {
            control.Acknowledged(new Acknowledgement(Size, control.Window, true, false, false));
        }

        return control;
    }
}
