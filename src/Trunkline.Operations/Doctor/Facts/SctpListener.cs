namespace Trunkline.Operations.Doctor.Facts;

/// <summary>A listening SCTP endpoint.</summary>
/// <param name="Port">Its port.</param>
/// <param name="Addresses">The addresses to which it is bound; 0.0.0.0 or :: for all of them.</param>
public sealed record SctpListener(int Port, IReadOnlyList<string> Addresses)
{
    /// <summary>Whether it answers at an address.</summary>
    public bool AnswersAt(string address) => Addresses.Count == 0 || Addresses.Any(own => own == address || own is "0.0.0.0" or "::" or "*");
}
