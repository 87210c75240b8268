package dev.modelsigning.signing;

import java.util.List;

/**
 * Somebody for whom an OpenID provider vouches, and who signed with a key for a few minutes (method
 * {@code sigstore}).
 *
 * @param identity an e-mail address, the URI of a workflow, or a user name
 * @param provider the OpenID provider that vouches for it, by its issuer URL
 * @param certificate the certificate for this identity, by a certificate authority
 * @param logEntries where the signature stands in transparency logs
 */
public record KeylessIdentity(
    String identity, String provider, CertificateSummary certificate, List<LogPosition> logEntries)
    implements SignerIdentity {

  /** Copies the list. */
  public KeylessIdentity {
    logEntries = List.copyOf(logEntries);
  }

  /**
   * A place in a transparency log.
   *
   * @param index the number of the entry in its log
   * @param address where the entry, or its log, can be looked at
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
