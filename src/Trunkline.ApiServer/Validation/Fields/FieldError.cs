namespace Trunkline.ApiServer.Validation.Fields;

public sealed record FieldError(string Reason, string Message, string Field);
