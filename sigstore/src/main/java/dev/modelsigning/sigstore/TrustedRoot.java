package dev.modelsigning.sigstore;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.sigstore.internal.message.CertificateAuthority;
import dev.modelsigning.sigstore.internal.message.TransparencyLogInstance;
import dev.modelsigning.sigstore.internal.message.TrustedRootJson;
import dev.modelsigning.sigstore.internal.message.TrustedRootMessage;
import dev.modelsigning.sigstore.internal.trust.TrustedAuthority;
import dev.modelsigning.sigstore.internal.trust.TrustedLog;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The trust anchors of verification: the certificate authorities, transparency logs and Time
 * Stamping Authorities of one Sigstore instance (Sigstore {@code TrustedRoot}).
 */
public final class TrustedRoot {

  private static final Set<String> MEDIA_TYPES =
      Set.of(
          "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
          "application/vnd.dev.sigstore.trustedroot+json;version=0.2",
          "application/vnd.dev.sigstore.trustedroot.v0.1+json",
          "application/vnd.dev.sigstore.trustedroot.v0.2+json");

  private final List<TrustedAuthority> certificateAuthorities;
  private final List<TrustedAuthority> timestampAuthorities;
  private final List<TrustedLog> transparencyLogs;
  private final List<TrustedLog> certificateLogs;

  private TrustedRoot(
      List<TrustedAuthority> certificateAuthorities,
      List<TrustedAuthority> timestampAuthorities,
      List<TrustedLog> transparencyLogs,
      List<TrustedLog> certificateLogs) {
    this.certificateAuthorities = List.copyOf(certificateAuthorities);
    this.timestampAuthorities = List.copyOf(timestampAuthorities);
    this.transparencyLogs = List.copyOf(transparencyLogs);
    this.certificateLogs = List.copyOf(certificateLogs);
  }

  /**
   * Loads a trusted root from a file. Verification is only as trustworthy as the way in which this
   * file was obtained.
   *
   * @param file a {@code trusted_root.json}, or a {@code ClientTrustConfig}, whose trusted root is
   *     used
   * @throws TrustConfigException if it is neither
   * @throws IOException if the file cannot be read
   */
  public static TrustedRoot load(Path file) throws IOException {
    return parse(TrustConfigDocument.read(file).trustedRoot());
  }

  static TrustedRoot parse(TrustConfigDocument.Part json) throws TrustConfigException {
    TrustedRootMessage message =
        json.read("trusted root", reader -> TrustedRootJson.read(json.document(), reader));
    if (!message.mediaType().isEmpty() && !MEDIA_TYPES.contains(message.mediaType())) {
      throw new TrustConfigException(
          json.document()
              + ": mediaType: expected 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',"
              + " found "
              + Printable.quote(message.mediaType()));
    }
    try {
      return new TrustedRoot(
          authorities("certificateAuthorities", message.certificateAuthorities()),
          authorities("timestampAuthorities", message.timestampAuthorities()),
          logs("tlogs", message.tlogs()),
          logs("ctlogs", message.ctlogs()));
    } catch (GeneralSecurityException e) {
      throw json.notA("trusted root", e);
    }
  }

  private static List<TrustedAuthority> authorities(String list, List<CertificateAuthority> entries)
      throws GeneralSecurityException {
    List<TrustedAuthority> result = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      try {
        result.add(TrustedAuthority.of(entries.get(i)));
      } catch (GeneralSecurityException e) {
        throw inEntry(list, i, entries.get(i).uri(), e);
      }
    }
    return result;
  }

  private static List<TrustedLog> logs(String list, List<TransparencyLogInstance> entries)
      throws GeneralSecurityException {
    List<TrustedLog> result = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      try {
        TrustedLog.of(entries.get(i)).ifPresent(result::add);
      } catch (GeneralSecurityException e) {
        throw inEntry(list, i, entries.get(i).baseUrl(), e);
      }
    }
    return result;
  }

  private static GeneralSecurityException inEntry(
      String list, int index, String address, GeneralSecurityException e) {
    return new GeneralSecurityException(
        list + "[" + index + "] (" + address + "): " + e.getMessage(), e);
  }

  /** The certificate authorities for signers. */
  List<TrustedAuthority> certificateAuthorities() {
    return certificateAuthorities;
  }

  /** The Time Stamping Authorities (RFC 3161). */
  List<TrustedAuthority> timestampAuthorities() {
    return timestampAuthorities;
  }

  /** The transparency logs of signatures. */
  List<TrustedLog> transparencyLogs() {
    return transparencyLogs;
  }

  /** The certificate transparency logs (RFC 6962). */
  List<TrustedLog> certificateLogs() {
    return certificateLogs;
  }
}
