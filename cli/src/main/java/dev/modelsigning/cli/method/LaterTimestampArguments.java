package dev.modelsigning.cli.method;

import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.timestamp.TimestampVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Trust in time stamps that were added to a keyless signature later. */
final class LaterTimestampArguments {

  @Option(
      names = "--tsa-certificate-chain",
      paramLabel = "FILE",
      description =
          "Certificates of trusted time stamping authorities, for time stamps that 'timestamp add'"
              + " wrote beside the signature. Can be repeated. Those in the signature itself are"
              + " verified with the trusted root.")
  private List<Path> files = new ArrayList<>();

  /** Returns the verifier for these time stamps, if any authority is trusted. */
  Optional<TimestampVerifier> verifier() throws IOException, UnusableTrustException {
    return files.isEmpty() ? Optional.empty() : Optional.of(TimestampVerifier.load(files));
  }
}
