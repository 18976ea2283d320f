using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.Recorded;

/// <summary>Does again, step by step, what the recording did: the same commands by the real kubectl, the same requests over TLS; and says what came out otherwise.</summary>
internal sealed class RecordedSession(RealApi api, HttpClient admin, HttpClient plain, HttpClient nobody)
{
    private readonly string _config = api.WriteKubeconfig();

    public async Task<string?> DifferenceAsync(RecordedStep step, CancellationToken token) =>
        step.IsHttp ? await AskAsync(step, token) : await RunAsync(step, token);

    /// <summary>Runs a command line; gives output, errors and exit code.</summary>
    public async Task<(string Output, string Errors, int Code)> ShellAsync(string command, CancellationToken token)
    {
        var start = new ProcessStartInfo("/bin/bash") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = Path.GetDirectoryName(RecordedStep.Root) };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        start.Environment["KUBECONFIG"] = _config;
        start.Environment["HOME"] = api.Folder;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(token), process.StandardError.ReadToEndAsync(token));
        await process.WaitForExitAsync(token);
        return (await output, await errors, process.ExitCode);
    }

    private async Task<string?> RunAsync(RecordedStep step, CancellationToken token)
    {
        var command = step.Command["$ ".Length..].Replace("https://127.0.0.1:16443", api.Address, StringComparison.Ordinal)
            .Replace("--certificate-authority=FILE", "--certificate-authority=" + api.AuthorityFile, StringComparison.Ordinal);
        if (RecordedInputs.Of(step.Name) is { } input)
        {
            var file = Path.Combine(api.Folder, "input");
            await File.WriteAllTextAsync(file, input + "\n", token);
            command = command.Replace("FILE", file, StringComparison.Ordinal);
        }

        var (output, errors, code) = await ShellAsync(command, token);
        var (given, recorded) = (Screen(output, errors, code), Screen(step.Output, step.Errors, step.Code));
        return given == recorded ? null : Tell(step, given, recorded);
    }

    // The place of the first difference: whole answers are long.
    private static string Tell(RecordedStep step, string given, string recorded)
    {
        var at = Enumerable.Range(0, Math.Min(given.Length, recorded.Length)).FirstOrDefault(i => given[i] != recorded[i], Math.Min(given.Length, recorded.Length));
        string Near(string text) => text[Math.Max(0, at - 100)..Math.Min(text.Length, at + 300)];
        return $"{step.Name}: {step.Command}\n--- here\n{Near(given)}\n--- recorded\n{Near(recorded)}";
    }

    private static string Screen(string output, string errors, int code) => $"{Steady.Screen(output)}\n{Steady.Screen(errors)}\nexit {code}";

    private async Task<string?> AskAsync(RecordedStep step, CancellationToken token)
    {
        var words = step.Command.Split(' ', 2);
        using var request = new HttpRequestMessage(new HttpMethod(words[0]), await NowAsync(words[1], token));
        if (step.Body.Length > 0)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(step.Body));
        }

        foreach (var header in step.Headers.Select(h => h.Split(": ", 2)))
        {
            if (header[0] == "Content-Type" && request.Content is { } content)
            {
                content.Headers.ContentType = MediaTypeHeaderValue.Parse(header[1]);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(header[0], header[1]);
            }
        }

        var client = step.Name.Contains("forbidden", StringComparison.Ordinal) ? plain : step.Name.Contains("anonymous", StringComparison.Ordinal) ? nobody : admin;
        using var answer = await client.SendAsync(request, token);
        var text = await answer.Content.ReadAsStringAsync(token);
        var warnings = answer.Headers.TryGetValues("Warning", out var values) ? string.Join('\n', values) : "";
        var (given, recorded) = (Shown(text, (int)answer.StatusCode, warnings, answer.Content.Headers.ContentType?.ToString() ?? ""), Shown(step.Output, step.Code, step.Errors, step.ContentType));
        return given == recorded ? null : Tell(step, given, recorded);
    }

    // The one request that begins where the recording stood.
    private async Task<string> NowAsync(string path, CancellationToken token)
    {
        const string Then = "resourceVersion=370";
        if (!path.Contains(Then, StringComparison.Ordinal))
        {
            return path;
        }

        var list = JsonNode.Parse(await admin.GetStringAsync("/api/v1/namespaces/sctp-demo/services", token))!;
        return path.Replace(Then, "resourceVersion=" + (string?)list["metadata"]!["resourceVersion"], StringComparison.Ordinal);
    }

    private static string Shown(string text, int code, string warnings, string type)
    {
        var body = text.TrimStart().StartsWith('{')
            ? string.Join('\n', Documents(text).Select(Steady.Json).Order(StringComparer.Ordinal))
            : Steady.Screen(text);
        return $"{code}\n{type.Replace(" ", "", StringComparison.Ordinal)}\n{warnings}\n{body}";
    }

    // A watch answers with one document a line; the first of them come in no particular order.
    private static string[] Documents(string text) => text.Contains("}\n{", StringComparison.Ordinal)
        ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        : [text];
}
