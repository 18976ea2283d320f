using System.Text.Json.Nodes;
using Trunkline.ApiServer.Tables;
using Trunkline.ApiServer.Validation.Decoding;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Kinds.Strategies;

/// <summary>What is peculiar to a kind, as small functions; <see cref="Strategy"/> puts them together.</summary>
internal sealed record KindRules(TypeSchema Schema)
{
    /// <summary>What names may look like.</summary>
    public Func<string, IEnumerable<string>> Names { get; init; } = NameRules.Dns1123Subdomain;

    public Action<JsonObject> Defaults { get; init; } = _ => { };

    /// <summary>What a client may not choose on create, beyond status.</summary>
    public Action<JsonObject> Create { get; init; } = _ => { };

    /// <summary>What an update of the object itself takes from the old one, beyond status.</summary>
    public Action<JsonObject, JsonObject> Update { get; init; } = (_, _) => { };

    /// <summary>Complaints about the object beyond its metadata; asked on create and on update.</summary>
    public Action<FieldErrors, JsonObject> Validate { get; init; } = (_, _) => { };

    /// <summary>Complaints about the change.</summary>
    public Action<FieldErrors, JsonObject, JsonObject> ValidateChange { get; init; } = (_, _, _) => { };

    /// <summary>Whether the change is asked about after the object itself: the order in which complaints are listed.</summary>
    public bool ChangeLast { get; init; }

    /// <summary>Complaints about a change of the status alone.</summary>
    public Action<FieldErrors, JsonObject> ValidateStatus { get; init; } = (_, _) => { };

    public Func<JsonObject, IReadOnlyList<string>> Warnings { get; init; } = _ => [];

    /// <summary>Whether status is written only through its subresource.</summary>
    public bool OwnsStatus { get; init; }

    public bool HasGeneration { get; init; }

    public TableLayout Table { get; init; } = TableLayout.NameAndCreation;
}
