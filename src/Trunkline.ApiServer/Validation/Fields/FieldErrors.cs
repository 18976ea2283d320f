namespace Trunkline.ApiServer.Validation.Fields;

/// <summary>Collects what is wrong with an object, in the order found, with the words of k8s.io/apimachinery field.Error.</summary>
internal sealed class FieldErrors
{
    private readonly List<FieldError> _items = [];

    public IReadOnlyList<FieldError> Items => _items;

    public bool Any => _items.Count > 0;

    public void Required(string path, string detail = "") => Add("FieldValueRequired", path, "Required value", detail);

    public void Forbidden(string path, string detail) => Add("FieldValueForbidden", path, "Forbidden", detail);

    public void Invalid(string path, object? value, string detail) => Add("FieldValueInvalid", path, "Invalid value: " + Go.Print(value), detail);

    /// <summary>One error for each of a rule's complaints.</summary>
    public void Invalid(string path, object? value, IEnumerable<string> details)
    {
        foreach (var detail in details)
        {
            Invalid(path, value, detail);
        }
    }

    public void Duplicate(string path, object? value) => Add("FieldValueDuplicate", path, "Duplicate value: " + Go.Print(value), "");

    public void NotFound(string path, object? value) => Add("FieldValueNotFound", path, "Not found: " + Go.Print(value), "");

    public void NotSupported(string path, object? value, params IEnumerable<string> supported) =>
        Add("FieldValueNotSupported", path, "Unsupported value: " + Go.Print(value), "supported values: " + string.Join(", ", supported.Select(Go.Quote)));

    public void TooLong(string path, int bytes) => Add("FieldValueTooLong", path, "Too long", $"must have at most {bytes} bytes");

    public void TooMany(string path, long actual, long most) => Add("FieldValueTooMany", path, "Too many: " + Go.Print(actual), $"must have at most {most} items");

    public void NonNegative(string path, long? value)
    {
        if (value < 0)
        {
            Invalid(path, value, "must be greater than or equal to 0");
        }
    }

    public void AddRange(IEnumerable<FieldError> errors) => _items.AddRange(errors);

    private void Add(string reason, string path, string words, string detail) =>
        _items.Add(new FieldError(reason, detail.Length > 0 ? words + ": " + detail : words, path));
}
