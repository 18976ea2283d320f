using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>
/// A request body as the server understands it: only known fields, zero values left out as Go's encoder would, beside what a strict reader objects to.
/// </summary>
/// <param name="Document">The document, ready for defaulting.</param>
/// <param name="StrictErrors">Unknown and duplicate fields, in the order found: an error under <c>fieldValidation=Strict</c>, warnings under <c>Warn</c>.</param>
/// <param name="Mismatches">Wrong types in a custom resource, which its schema refuses later with 422.</param>
public sealed record DecodedDocument(JsonObject Document, IReadOnlyList<string> StrictErrors, IReadOnlyList<TypeMismatch> Mismatches);
