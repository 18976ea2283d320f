namespace Trunkline.Lab.Pki;

/// <summary>A kubeconfig with everything inside it, so that it may be copied anywhere on the machine.</summary>
public static class Kubeconfig
{
    /// <summary>The file's text.</summary>
    public static string Write(string lab, string server, string caFile, Certificate user, string userName) =>
        $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: {lab}
          cluster:
            server: {server}
            certificate-authority-data: {Base64(caFile)}
        users:
        - name: {userName}
          user:
            client-certificate-data: {Base64(user.CertificateFile)}
            client-key-data: {Base64(user.KeyFile)}
        contexts:
        - name: {lab}
          context:
            cluster: {lab}
            user: {userName}
            namespace: default
        current-context: {lab}

        """;

    private static string Base64(string file) => Convert.ToBase64String(File.ReadAllBytes(file));
}
