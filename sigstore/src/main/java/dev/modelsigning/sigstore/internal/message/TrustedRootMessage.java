package dev.modelsigning.sigstore.internal.message;

import java.util.List;

/**
 * Trust anchors as they are written (Sigstore {@code TrustedRoot}). What is absent is empty.
 *
 * @param mediaType the form of the message
 * @param tlogs the transparency logs of signatures
 * @param certificateAuthorities the certificate authorities for signers
 * @param ctlogs the certificate transparency logs
 * @param timestampAuthorities the Time Stamping Authorities
 */
public record TrustedRootMessage(
    String mediaType,
    List<TransparencyLogInstance> tlogs,
    List<CertificateAuthority> certificateAuthorities,
    List<TransparencyLogInstance> ctlogs,
    List<CertificateAuthority> timestampAuthorities) {

  /** Copies the lists. */
  public TrustedRootMessage {
    tlogs = List.copyOf(tlogs);
    certificateAuthorities = List.copyOf(certificateAuthorities);
    ctlogs = List.copyOf(ctlogs);
    timestampAuthorities = List.copyOf(timestampAuthorities);
  }
}
