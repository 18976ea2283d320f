using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Errors;

/// <summary>A request answered with a Status of failure.</summary>
public sealed class ApiStatusException : Exception
{
    public ApiStatusException()
        : this(500, "InternalError", "Internal Server Error")
    {
    }

    public ApiStatusException(string message)
        : this(500, "InternalError", message)
    {
    }

    public ApiStatusException(string message, Exception innerException)
        : base(message, innerException)
    {
        Code = 500;
        Reason = "InternalError";
    }

    public ApiStatusException(int code, string reason, string message, JsonObject? details = null)
        : base(message)
    {
        Code = code;
        Reason = reason;
        Details = details;
    }

    public int Code { get; }

    /// <summary>metav1.StatusReason; empty where the real server gives none.</summary>
    public string Reason { get; }

    /// <summary>status.details: name, group, kind, uid, causes, retryAfterSeconds.</summary>
    public JsonObject? Details { get; }

    /// <summary>Seconds for a Retry-After header.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The document sent to the client.</summary>
    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason.Length > 0)
        {
            status["reason"] = Reason;
        }

        if (Details is not null)
        {
            status["details"] = Details.DeepClone();
        }

        status["code"] = Code;
        return status;
    }
}
