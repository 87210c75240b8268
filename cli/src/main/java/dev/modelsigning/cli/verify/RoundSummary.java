package dev.modelsigning.cli.verify;

import dev.modelsigning.report.Amounts;
import dev.modelsigning.report.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A verdict in a line, for a verification that is done again and again. */
final class RoundSummary {

  private RoundSummary() {}

  /** A positive verdict about one model, or about many. */
  static String of(@Nullable Verdict verdict, @Nullable EachModel many) {
    List<String> parts = new ArrayList<>();
    if (many != null) {
      parts.add(many.summary());
    }
    if (verdict != null) {
      parts.add(verdict.model());
      verdict
          .verified()
          .ifPresent(proof -> {
            parts.add(Amounts.of(proof.files(), "file"));
            parts.add(Amounts.size(proof.bytes()));
            parts.add(proof.manifest().rootDigest().toString());
            parts.add(proof.signer().method() + " " + proof.signer().name());
          });
    }
    return "verified: " + String.join(", ", parts);
  }
}
