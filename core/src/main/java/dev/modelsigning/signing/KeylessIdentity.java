package dev.modelsigning.signing;

import java.util.List;

/**
 * A signer who was authenticated by an OpenID provider, and signed with a key that is valid for a
 * few minutes (method {@code sigstore}).
 *
 * @param identity an e-mail address, the URI of a workflow, or a user name
 * @param provider the issuer URL of the OpenID provider that authenticated it
 * @param certificate the certificate for this identity, issued by a certificate authority
 * @param logEntries the positions of the signature in transparency logs
 */
public record KeylessIdentity(
    String identity, String provider, CertificateSummary certificate, List<LogPosition> logEntries)
    implements SignerIdentity {

  /** Copies the list. */
  public KeylessIdentity {
    logEntries = List.copyOf(logEntries);
  }

  /**
   * A position in a transparency log.
   *
   * @param index the number of the entry in its log
   * @param address the URL of the entry or its log
   */
  public record LogPosition(long index, String address) {}

  @Override
  public String method() {
    return "sigstore";
  }

  /** The identity. */
  @Override
  public String name() {
    return identity;
  }
}
