package dev.modelsigning.inspection;

import dev.modelsigning.facts.TensorDifference;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.ManifestComparison;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The differences between two inputs, each a signature or a model. It is not a verdict: even if the
 * signatures were verified, only {@code dev.modelsigning.ModelVerifier} proves that a model is the
 * one that was signed.
 */
public final class ModelComparison {

  private final ComparedSide before;
  private final ComparedSide after;
  private final ManifestComparison files;
  private final Optional<List<TensorDifference>> tensors;

  ModelComparison(ComparedSide before, ComparedSide after, ManifestComparison files) {
    this(before, after, files, Optional.empty());
  }

  private ModelComparison(
      ComparedSide before,
      ComparedSide after,
      ManifestComparison files,
      Optional<List<TensorDifference>> tensors) {
    this.before = before;
    this.after = after;
    this.files = files;
    this.tensors = tensors;
  }

  ModelComparison withTensors(List<TensorDifference> differences) {
    return new ModelComparison(before, after, files, Optional.of(List.copyOf(differences)));
  }

  /** The first input. */
  public ComparedSide before() {
    return before;
  }

  /** The second input. */
  public ComparedSide after() {
    return after;
  }

  /** The differences between their files. */
  public ManifestComparison files() {
    return files;
  }

  /**
   * The tensors that differ, for each changed file with tensors, in the order of the files. Empty
   * if this was not requested, or if one of the inputs is a signature.
   */
  public Optional<List<TensorDifference>> tensors() {
    return tensors;
  }

  /** Whether both have the same files with the same content. */
  public boolean isSame() {
    return files.isSame();
  }

  /** Whether there is at least one signature, and all were verified. */
  public boolean isVerified() {
    return isVerified(before) && isVerified(after) && !(isModel(before) && isModel(after));
  }

  private static boolean isVerified(ComparedSide side) {
    return isModel(side) || side.verified().isPresent();
  }

  private static boolean isModel(ComparedSide side) {
    return side.kind() == ComparedSide.Kind.MODEL;
  }

  /** Findings for the reader, from both sides. */
  public List<Finding> findings() {
    return Stream.concat(before.findings().stream(), after.findings().stream()).toList();
  }

  /** What was verified, in one line: nothing, or the signers of the signatures. */
  public String trust() {
    return ComparisonText.trust(this);
  }

  /** Whether both are equal, in one line with the numbers of files. */
  public String headline() {
    return ComparisonText.headline(this);
  }

  /**
   * Writes both inputs, and the files that differ, as text, line by line.
   *
   * @param most the largest number of lines of a list; the number of the others follows
   * @param lines receives the lines, one by one, and must escape them
   */
  public void writeLines(int most, Consumer<String> lines) {
    new ComparisonText(this, most, lines).write();
  }

  /**
   * Writes it as one JSON object on one line, in ASCII. Lists are complete.
   *
   * @param out the stream, which is not closed
   * @throws IOException if it cannot be written
   */
  public void writeJson(OutputStream out) throws IOException {
    JsonWriter.asciiDocument(out, json -> ComparisonJson.write(this, json));
    out.write('\n');
  }
}
