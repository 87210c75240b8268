package dev.modelsigning.internal.http;

import dev.modelsigning.internal.json.Printable;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;

/** Messages for failed TLS connections, with advice. */
final class TlsFailure {

  private static final int MAX_CAUSES = 20;

  private TlsFailure() {}

  /** Whether a failure comes from TLS. A retry would not help. */
  static boolean is(Throwable failure) {
    return has(failure, SSLException.class);
  }

  /** What the service did, as a phrase that follows its name. */
  static String describe(Throwable failure) {
    // The JDK's message sometimes contains class names instead of a reason.
    String said = String.valueOf(failure.getMessage()).replaceAll("[\\w.$]+Exception: ?", "");
    String detail = Printable.quote(said);
    if (has(failure, CertPathBuilderException.class)) {
      return "is not trusted: its certificate leads to no authority that is trusted for TLS. If"
          + " something on the way opens TLS, such as the proxy of a company, or the service has an"
          + " authority of its own, name the file with the certificate of that authority by"
          + " --ca-file or the variable SSL_CERT_FILE ("
          + detail
          + ")";
    }
    if (has(failure, CertificateExpiredException.class)
        || has(failure, CertificateNotYetValidException.class)) {
      return "is not trusted: its certificate, or one above it, is not valid now; is the clock of"
          + " this machine right? ("
          + detail
          + ")";
    }
    return "failed: no TLS connection could be made (" + detail + ")";
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    Throwable each = failure;
    for (int i = 0; each != null && i < MAX_CAUSES; i++) {
      if (kind.isInstance(each)) {
        return true;
      }
      each = each.getCause();
    }
    return false;
  }
}
