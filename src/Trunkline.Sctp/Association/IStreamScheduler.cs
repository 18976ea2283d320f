namespace Trunkline.Sctp.Association;

/// <summary>Decides whose message is sent next. Without I-DATA fragments of two messages cannot interleave, so it is asked at message ends only.</summary>
internal interface IStreamScheduler
{
    /// <summary>A stream that had nothing to send now has.</summary>
    void Activate(ushort stream);

    bool TryPeek(out ushort stream);

    /// <summary>The last fragment of a message of the peeked stream was taken.</summary>
    void MessageTaken(bool streamHasMore);
}
