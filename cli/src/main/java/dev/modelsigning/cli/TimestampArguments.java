package dev.modelsigning.cli;

import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.timestamp.TimestampVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Whose time stamps are trusted. */
final class TimestampArguments {

  @Option(
      names = "--tsa-certificate-chain",
      paramLabel = "FILE",
      description =
          "Certificates of trusted time stamping authorities. Can be repeated. Without it, time"
              + " stamps are not used.")
  private List<Path> files = new ArrayList<>();

  boolean isGiven() {
    return !files.isEmpty();
  }

  List<Path> files() {
    return files;
  }

  TimestampVerifier verifier() throws IOException, UnusableTrustException {
    return TimestampVerifier.load(files);
  }
}
