namespace Trunkline.Lab.Pki;

/// <summary>A certificate and its key as files of a lab.</summary>
/// <param name="CertificateFile">PEM.</param>
/// <param name="KeyFile">PEM, PKCS #8, readable by root alone.</param>
public sealed record Certificate(string CertificateFile, string KeyFile);
