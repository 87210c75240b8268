package dev.modelsigning.cli.listen;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** TLS 1.2 and 1.3, for clients whose requests arrive. */
public final class TlsArrivals extends HttpsConfigurator {

  private final Arrivals arrivals;
  private final boolean wantsCertificates;

  /**
   * Creates it.
   *
   * @param arrivals the threads of the server
   * @param wantsCertificates whether clients are asked for a certificate, which they need not have
   */
  public TlsArrivals(SSLContext context, Arrivals arrivals, boolean wantsCertificates) {
    super(context);
    this.arrivals = arrivals;
    this.wantsCertificates = wantsCertificates;
  }

  /** Called at the beginning of a connection, by the thread that reads from it. */
  @Override
  public void configure(HttpsParameters parameters) {
    arrivals.from(parameters.getClientAddress().getAddress());
    SSLParameters defaults = getSSLContext().getDefaultSSLParameters();
    defaults.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    defaults.setWantClientAuth(wantsCertificates);
    parameters.setSSLParameters(defaults);
  }
}
