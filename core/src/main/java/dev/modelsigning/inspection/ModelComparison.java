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
 * How two differ, each a signature or a model. It is no verdict: also where the signatures were
 * verified, only {@code dev.modelsigning.ModelVerifier} says that a model is the one that was
 * signed.
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

  /** The first of the two. */
  public ComparedSide before() {
    return before;
  }

  /** The second of the two. */
  public ComparedSide after() {
    return after;
  }

  /** What became of the files. */
  public ManifestComparison files() {
    return files;
  }

  /**
   * Which tensors are others, of each changed file that holds some, in the order of the files.
   * Empty if that was not asked for, or one of the two is a signature.
   */
  public Optional<List<TensorDifference>> tensors() {
    return tensors;
  }

  /** Whether both have the same files with the same content. */
  public boolean isSame() {
    return files.isSame();
  }

  /** Whether there is a signature, and each was verified. */
  public boolean isVerified() {
    return isVerified(before) && isVerified(after) && !(isModel(before) && isModel(after));
  }

  private static boolean isVerified(ComparedSide side) {
    return isModel(side) || side.verified().isPresent();
  }

  private static boolean isModel(ComparedSide side) {
    return side.kind() == ComparedSide.Kind.MODEL;
  }

  /** What a reader should know, of both. */
  public List<Finding> findings() {
    return Stream.concat(before.findings().stream(), after.findings().stream()).toList();
  }

  /** What was verified, in one line: nothing, or that the signatures were made by whom they say. */
  public String trust() {
    return ComparisonText.trust(this);
  }

  /** Whether both are the same, in one line with numbers of files. */
  public String headline() {
    return ComparisonText.headline(this);
  }

  /**
   * Shows both, and the files that are not the same in both, to people, line by line.
   *
   * @param most how much of a list to show, in lines; the number of the rest comes behind it
   * @param lines takes the lines, and escapes them, one by one
   */
  public void writeLines(int most, Consumer<String> lines) {
    new ComparisonText(this, most, lines).write();
  }

  /**
   * Writes it for machines: one JSON object on one line, in ASCII. Lists are whole.
   *
   * @param out where to; it is not closed
   * @throws IOException if it cannot be written
   */
  public void writeJson(OutputStream out) throws IOException {
    JsonWriter.asciiDocument(out, json -> ComparisonJson.write(this, json));
    out.write('\n');
  }
}
