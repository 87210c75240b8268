package dev.modelsigning.internal.http;

import dev.modelsigning.internal.json.Printable;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** Messages for connections that cannot be made, with advice. */
final class ConnectionFailure {

  private static final int MAX_CAUSES = 20;

  private ConnectionFailure() {}

  /** Whether a failure comes from TLS. A retry would not help. */
  static boolean isTls(Throwable failure) {
    return has(failure, SSLException.class);
  }

  /**
   * Why there is no connection, as a phrase that follows the name of the service.
   *
   * @param proxied whether the connection is one to a proxy
   */
  static String unreachable(Throwable failure, boolean proxied) {
    // The JDK gives no other reason: if it is not the name, the connection was refused.
    return has(failure, UnresolvedAddressException.class)
        ? "cannot be reached: the name of "
            + peer(proxied)
            + " is not known here (is it right? is there a network?"
            + (proxied ? ")" : " must HTTPS_PROXY name a proxy?)")
        : "cannot be reached: "
            + peer(proxied)
            + " takes no connection there (is the address right, with its port? does it run? is"
            + " there a network, a proxy?)";
  }

  /** That there was no answer at all. */
  static String silent(Duration time, boolean proxied) {
    return "cannot be reached within "
        + Math.max(1, time.toSeconds())
        + " s: "
        + peer(proxied)
        + " does not answer (is the address right? is there a network, a proxy?)";
  }

  private static String peer(boolean proxied) {
    return proxied ? "the proxy" : "the host";
  }

  /** What the service did, as a phrase that follows its name. */
  static String tls(Throwable failure) {
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
