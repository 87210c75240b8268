package dev.modelsigning.cli.policy;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.policy.PolicyVerdict;
import dev.modelsigning.policy.report.WrittenSummary;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Signs and writes the summary that is asked for, if one is. Signing comes first, so that nothing
 * but writing can fail once other outputs are there.
 */
final class SummarySigner implements AutoCloseable {

  private final Optional<Opened> opened;

  private SummarySigner(Optional<Opened> opened) {
    this.opened = opened;
  }

  /** A file with the key and the signer for it. */
  private record Opened(SummaryFile file, SigningKey key, KeySigner signer) {}

  /** A signed summary that is not written yet. */
  record Summary(SummaryFile file, SignedPayload signed, boolean passed) {

    WrittenSummary write() throws IOException, MalformedBundleException {
      return file.write(signed.bundle(), passed);
    }
  }

  /** No summary is asked for. */
  static SummarySigner none() {
    return new SummarySigner(Optional.empty());
  }

  /** Takes an opened key, and checks it. */
  static SummarySigner of(SummaryFile file, SigningKey key) throws IOException, SigningException {
    boolean usable = false;
    try {
      KeySigner signer = KeySigner.using(key);
      signer.requireReady();
      usable = true;
      return new SummarySigner(Optional.of(new Opened(file, key, signer)));
    } finally {
      if (!usable) {
        key.close();
      }
    }
  }

  /** Signs the summary of the only verdict, if a summary is asked for and there is a verdict. */
  Optional<Summary> sign(List<PolicyVerdict> verdicts) throws IOException, SigningException {
    if (opened.isEmpty() || verdicts.size() != 1) {
      return Optional.empty();
    }
    PolicyVerdict verdict = verdicts.get(0);
    Opened by = opened.get();
    return Optional.of(
        new Summary(
            by.file(), by.file().content().sign(verdict, by.signer()), verdict.isVerified()));
  }

  @Override
  public void close() {
    opened.ifPresent(one -> one.key().close());
  }
}
