package dev.modelsigning.cli.trust;

import dev.modelsigning.internal.http.TlsAuthorities;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How services are reached. */
public final class NetworkArguments {

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description =
          "Trust these authorities for TLS too, in PEM, such as that of a proxy that opens TLS."
              + " They say nothing about signatures. Besides: the variable SSL_CERT_FILE.")
  private @Nullable Path caFile;

  /** Whether authorities were given. */
  public boolean isGiven() {
    return caFile != null;
  }

  /** The files that say whom to trust for TLS. */
  public List<Path> files() {
    return caFile == null ? List.of() : List.of(caFile);
  }

  /** Has all connections from now on trust whom the user named, and nobody of a call before. */
  public void apply() throws IOException, UnusableTrustException {
    TlsAuthorities.use(caFile);
  }
}
