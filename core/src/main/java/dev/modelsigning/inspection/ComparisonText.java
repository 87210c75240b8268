package dev.modelsigning.inspection;

import dev.modelsigning.facts.TensorDifference;
import dev.modelsigning.inspection.ComparedSide.Kind;
import dev.modelsigning.manifest.ManifestComparison;
import dev.modelsigning.manifest.ManifestComparison.FileChange;
import dev.modelsigning.manifest.ManifestComparison.FileEntry;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.report.Amounts;
import dev.modelsigning.report.Facts;
import dev.modelsigning.signing.VerifiedPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Shows a comparison to people. */
final class ComparisonText {

  private final ModelComparison comparison;
  private final int most;
  private final Consumer<String> lines;

  ComparisonText(ModelComparison comparison, int most, Consumer<String> lines) {
    this.comparison = comparison;
    this.most = most;
    this.lines = lines;
  }

  void write() {
    ManifestComparison files = comparison.files();
    describe("before", comparison.before());
    describe("after", comparison.after());
    list("added", files.added(), FileEntry::name);
    list("removed", files.removed(), FileEntry::name);
    list("changed", files.changed(), ComparisonText::line);
    list("moved", files.moved(), one -> one.before().name() + " -> " + one.after().name());
    List<TensorDifference> tensors = comparison.tensors().orElse(List.of());
    tensors.stream().limit(most).forEach(this::describe);
    if (tensors.size() > most) {
      lines.accept("  ... and tensors of " + Amounts.of(tensors.size() - most, "more file"));
    }
  }

  private void describe(TensorDifference tensors) {
    String start = "  " + tensors.file() + ": ";
    if (tensors.problem().isPresent()) {
      lines.accept(start + "tensors not compared: " + tensors.problem().get());
      return;
    }
    if (tensors.isSame()) {
      lines.accept(
          start
              + (tensors.metadata()
                  ? "no tensor changed; the metadata did"
                  : "no tensor changed; their order or what lies between them did"));
      return;
    }
    String counts =
        tensors.changed().size() + " of " + Amounts.of(tensors.total(), "tensor") + " changed";
    if (!tensors.added().isEmpty()) {
      counts += ", " + tensors.added().size() + " added";
    }
    if (!tensors.removed().isEmpty()) {
      counts += ", " + tensors.removed().size() + " removed";
    }
    lines.accept(start + counts + (tensors.metadata() ? "; the metadata changed too" : ""));
    list("  changed", tensors.changed(), name -> "  " + name);
    list("  added", tensors.added(), name -> "  " + name);
    list("  removed", tensors.removed(), name -> "  " + name);
  }

  /** What was verified. */
  static String trust(ModelComparison comparison) {
    if (comparison.isVerified()) {
      boolean both =
          comparison.before().kind() == Kind.SIGNATURE
              && comparison.after().kind() == Kind.SIGNATURE;
      return both ? "Both signatures verified" : "Signature verified";
    }
    boolean signed =
        comparison.before().kind() == Kind.SIGNATURE || comparison.after().kind() == Kind.SIGNATURE;
    return signed
        ? "NOT VERIFIED: this is what the files say, whoever signed them"
        : "NOT VERIFIED: these are two models, and no signature";
  }

  /** Whether there are differences, and how many. */
  static String headline(ModelComparison comparison) {
    ManifestComparison files = comparison.files();
    if (comparison.isSame()) {
      return "Same: " + Amounts.of(files.unchanged(), "file");
    }
    List<String> counts = new ArrayList<>();
    count(files.added(), "added", counts);
    count(files.removed(), "removed", counts);
    count(files.changed(), "changed", counts);
    count(files.moved(), "moved", counts);
    counts.add(files.unchanged() + " unchanged");
    return "Different: " + String.join(", ", counts);
  }

  private static void count(List<?> files, String what, List<String> counts) {
    if (!files.isEmpty()) {
      counts.add(files.size() + " " + what);
    }
  }

  private void describe(String label, ComparedSide side) {
    Facts facts = new Facts();
    String model = side.model().orElse("a model without a name");
    facts.add(
        label,
        side.kind() == Kind.SIGNATURE
            ? side.location() + " (signature over " + model + ")"
            : side.location() + " (model)");
    Optional<VerifiedPayload> verified = side.verified();
    verified.ifPresent(by ->
        facts
            .add("  signed by", by.signer().method() + " " + by.signer().name())
            .addTimes(by.times()));
    side.claims().ifPresent(claims -> facts.add("  claims", claims.describe()));
    String how = Amounts.of(side.manifest().fileCount(), "file");
    if (side.bytes().isPresent()) {
      how += ", " + Amounts.size(side.bytes().getAsLong());
    }
    facts.add("  files", how).add("  digest", side.manifest().rootDigest().toString());
    if (haveOtherRules()) {
      addRules(side.manifest().serialization(), facts);
    }
    if (!side.uncovered().isEmpty()) {
      facts.addUncovered(side.uncovered());
    }
    facts.lines(most).forEach(lines);
  }

  /** Whether one signature ignores entries of the model that the other one does not. */
  private boolean haveOtherRules() {
    Serialization before = comparison.before().manifest().serialization();
    Serialization after = comparison.after().manifest().serialization();
    return comparison.before().kind() == Kind.SIGNATURE
        && comparison.after().kind() == Kind.SIGNATURE
        && (before.allowSymlinks() != after.allowSymlinks()
            || !Set.copyOf(before.ignorePaths()).equals(Set.copyOf(after.ignorePaths())));
  }

  private static void addRules(Serialization rules, Facts facts) {
    facts.add("  links", rules.allowSymlinks() ? "followed" : "refused");
    facts.addList(
        "  leaves out", rules.ignorePaths().isEmpty() ? List.of("nothing") : rules.ignorePaths());
  }

  private static String line(FileChange change) {
    // One of them may be the name that stands for a single file.
    String name = ComparisonJson.name(change);
    boolean resized = !change.before().size().equals(change.after().size());
    return resized
        ? name
            + ": expected "
            + Amounts.of(change.before().size().orElse(0), "byte")
            + ", found "
            + Amounts.of(change.after().size().orElse(0), "byte")
        : name;
  }

  private <T> void list(String title, List<T> files, Function<T, String> line) {
    if (files.isEmpty()) {
      return;
    }
    lines.accept("  " + title + " (" + files.size() + "):");
    files.stream().limit(most).forEach(file -> lines.accept("    " + line.apply(file)));
    if (files.size() > most) {
      lines.accept("    ... and " + (files.size() - most) + " more");
    }
  }
}
