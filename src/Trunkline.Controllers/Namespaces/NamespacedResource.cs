using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Namespaces;

/// <summary>A namespaced kind that discovery lists, with what may be done to it.</summary>
internal sealed record NamespacedResource(ResourceType Type, bool DeletesCollections);
