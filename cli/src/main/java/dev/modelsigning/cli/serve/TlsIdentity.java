package dev.modelsigning.cli.serve;

import dev.modelsigning.cli.serve.Reloaded.UnusableFilesException;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.internal.keyfile.TlsKeyFile;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The certificate of this server, and its key.
 *
 * @param number distinguishes it from all that were loaded before
 * @param chain the certificate, and those of authorities behind it
 */
record TlsIdentity(long number, List<X509Certificate> chain, PrivateKey key) {

  private static final AtomicLong LOADS = new AtomicLong();

  /** Copies the list. */
  TlsIdentity {
    chain = List.copyOf(chain);
  }

  /**
   * Reads certificate and key. Of files that are being replaced one may be new and the other old:
   * they do not belong together then.
   */
  static TlsIdentity of(Path certificate, Path key, Clock clock) throws UnusableFilesException {
    try {
      List<X509Certificate> chain = CertificateFile.read(certificate);
      Instant end = chain.get(0).getNotAfter().toInstant();
      if (end.isBefore(clock.instant())) {
        throw new UnusableFilesException(
            certificate + ": the certificate of this server expired at " + end, null);
      }
      return new TlsIdentity(LOADS.incrementAndGet(), chain, TlsKeyFile.read(key, chain.get(0)));
    } catch (IOException | UnusableTrustException e) {
      throw new UnusableFilesException(FailureMessage.of(e), e);
    } catch (InvalidKeyException e) {
      // Without the cause, which may have something of the key.
      throw new UnusableFilesException(String.valueOf(e.getMessage()), null);
    }
  }

  /** When the certificate expires. */
  Instant end() {
    return chain.get(0).getNotAfter().toInstant();
  }

  /** The kind of its key, as TLS asks for it. */
  String keyType() {
    return chain.get(0).getPublicKey().getAlgorithm();
  }

  @Override
  public String toString() {
    return "the certificate of " + chain.get(0).getSubjectX500Principal();
  }
}
