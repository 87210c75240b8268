package dev.modelsigning.cli.trust;

import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.timestamp.TimestampVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The Time Stamping Authorities that are trusted for a time stamp that is obtained now. */
public final class NewTimestampArguments {

  @Option(
      names = "--tsa-certificate-chain",
      paramLabel = "FILE",
      description =
          "Certificates of trusted time stamping authorities, with which the new time stamp is"
              + " verified. Can be repeated. Without it, the stamp is added unverified.")
  private List<Path> files = new ArrayList<>();

  /** Whether any are trusted. */
  public boolean isGiven() {
    return !files.isEmpty();
  }

  /** The files with the certificates of the authorities. */
  public List<Path> files() {
    return files;
  }

  /** Returns the verifier for their time stamps. */
  public TimestampVerifier verifier() throws IOException, UnusableTrustException {
    return TimestampVerifier.load(files);
  }
}
