package dev.modelsigning.cli.verify;

import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.report.Amounts;
import dev.modelsigning.report.Verdict;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Verifies every direct subdirectory of a directory, and fails if any of them fails, or if an entry
 * is neither a directory nor a file. Only what will be shown is kept for each, as there may be many
 * with large manifests.
 */
final class EachModel {

  /** Verifies one model. */
  @FunctionalInterface
  interface Verification {
    /** Returns the verdict, positive or negative. */
    Verdict verify(Path model, Path signature);
  }

  private final Path directory;
  private final String signatureName;
  private final boolean listFiles;

  /** What each of them is. */
  private final String what;

  /** What was said already of other parts of the same model. */
  private final Set<String> said = new HashSet<>();

  private final List<Row> rows = new ArrayList<>();
  private final List<String> objects = new ArrayList<>();
  private final List<String> others = new ArrayList<>();

  /**
   * The table row of a model.
   *
   * @param name its directory's name
   * @param verified whether it is what was signed
   * @param remark the signer, or the reason of failure
   */
  private record Row(String name, boolean verified, String remark, Details details) {}

  /** What else there is to say of one; lists are shortened to so many lines. */
  private interface Details {
    List<String> lines(int most);
  }

  /** Whether files next to the models, which nobody signed, are a failure. */
  private boolean strict;

  private static final String MODEL = "model";
  private static final String PART = "part";

  private EachModel(Path directory, String signatureName, boolean listFiles, String what) {
    this.what = what;
    this.directory = directory;
    this.signatureName = signatureName;
    this.listFiles = listFiles;
  }

  /**
   * Verifies all models sequentially.
   *
   * @param directory their parent directory
   * @param signatureName the path of the signature in each
   * @param listFiles whether the files of each are listed in JSON
   * @throws IOException if the directory cannot be listed
   */
  static EachModel verify(
      Path directory,
      String signatureName,
      boolean listFiles,
      Verification verification,
      Output output)
      throws IOException {
    EachModel each = new EachModel(directory, signatureName, listFiles, MODEL);
    for (Path entry : entries(directory)) {
      BasicFileAttributes found;
      try {
        found = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      } catch (IOException e) {
        each.add(entry, Verdict.failed(entry.toString(), e), output);
        continue;
      }
      if (found.isDirectory()) {
        each.add(entry, verification.verify(entry, entry.resolve(signatureName)), output);
      } else if (found.isRegularFile()) {
        each.others.add(name(entry));
      } else {
        // The target of a link may be a model for users who can access it, now or later.
        FileSystemException neither =
            new FileSystemException(
                entry.toString(),
                null,
                found.isSymbolicLink()
                    ? "is a link, which is not followed"
                    : "is neither a directory nor a file");
        each.add(entry, Verdict.failed(entry.toString(), neither), output);
      }
    }
    return each;
  }

  /**
   * Returns an empty list of parts of one model, which the caller adds.
   *
   * @param directory the directory of their index
   * @param signatureName the name of the signature in it
   */
  static EachModel ofParts(Path directory, String signatureName, boolean listFiles) {
    return new EachModel(directory, signatureName, listFiles, PART);
  }

  private static List<Path> entries(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(CanonicalPath.byName(EachModel::name));
    return entries;
  }

  private static String name(Path entry) {
    return String.valueOf(entry.getFileName());
  }

  /** Adds the verdict about one of them. */
  void add(Path model, Verdict verdict, Output output) {
    String remark =
        verdict.isVerified()
            ? verdict.signer().map(by -> by.method() + " " + by.name()).orElse("")
                + verdict
                    .statement()
                    .flatMap(Statement::modelName)
                    .filter(signed -> what.equals(MODEL) && !signed.equals(name(model)))
                    .map(signed -> ", signed as " + signed)
                    .orElse("")
                + verdict
                    .comparison()
                    .map(all ->
                        ", " + Amounts.of(all.files(), "file") + ", " + Amounts.size(all.bytes()))
                    .orElse("")
            : verdict.explanation().orElse(verdict.headline());
    rows.add(
        new Row(
            name(model),
            verdict.isVerified(),
            remark,
            what.equals(MODEL) || verdict.isVerified() ? most -> List.of() : verdict::lines));
    verdict
        .warnings()
        .map(Finding::message)
        .filter(message -> what.equals(MODEL) || said.add(message))
        .forEach(message -> output.warning(name(model) + ": " + message));
    objects.add(verdict.toJson(listFiles).strip());
  }

  /** Makes files next to the models a failure, as nobody signed them. */
  EachModel strict(boolean beStrict) {
    strict = beStrict;
    return this;
  }

  /** The reason of failure; empty if there is at least one model, and all are verified. */
  Optional<Finding> failure() {
    long failed = rows.stream().filter(row -> !row.verified()).count();
    if (rows.isEmpty()) {
      return Optional.of(
          Finding.of(
              ProgramRules.NO_MODELS,
              directory + ": there is no directory in it, so there is nothing to verify"));
    }
    if (failed == 0 && strict && !others.isEmpty()) {
      return Optional.of(
          Finding.of(
              ProgramRules.NOT_ALL_VERIFIED,
              directory
                  + ": "
                  + (others.size() == 1 ? "1 file is" : others.size() + " files are")
                  + " signed by nobody, such as "
                  + Printable.quote(others.get(0))
                  + ", which --strict does not allow"));
    }
    return failed == 0
        ? Optional.empty()
        : Optional.of(
            Finding.of(
                ProgramRules.NOT_ALL_VERIFIED,
                failed
                    + " of "
                    + Amounts.of(rows.size(), what)
                    + " in "
                    + directory
                    + (failed == 1 ? " is" : " are")
                    + " not verified"));
  }

  /** Throws the failure as an exception, if there is one. */
  void orElseThrow() throws NotVerifiedException {
    Finding why = failure().orElse(null);
    if (why != null) {
      throw new NotVerifiedException(why.message());
    }
  }

  /**
   * Prints the verdicts.
   *
   * @param asJson whether for programs
   * @param quiet whether nothing but failures is shown
   * @param most the largest number of lines of a list
   */
  void print(boolean asJson, boolean quiet, int most, Output output) {
    if (asJson) {
      printJson(output);
    } else {
      print(output, most);
    }
    if (asJson || quiet) {
      printFailed(output);
    }
  }

  /** Prints the failed models as failures, for users who do not see the table. */
  private void printFailed(Output output) {
    for (Row row : rows) {
      if (!row.verified()) {
        output.error("  FAILED  " + row.name() + "  " + row.remark());
      }
    }
  }

  /**
   * Prints a table.
   *
   * @param most the largest number of names of ignored entries
   */
  private void print(Output output, int most) {
    if (failure().isEmpty()) {
      output.verified("Verification succeeded");
    }
    int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    for (Row row : rows) {
      String name = row.name() + " ".repeat(Math.max(0, Math.min(width, 40) - row.name().length()));
      output.info((row.verified() ? "  verified  " : "  FAILED    ") + name + "  " + row.remark());
      row.details().lines(most).forEach(line -> output.info("  " + line));
    }
    if (!others.isEmpty()) {
      output.info(
          "  not looked at, as they are no directories: "
              + String.join(", ", others.subList(0, Math.min(others.size(), most)))
              + (others.size() > most
                  ? " and " + (others.size() - most) + " more; --all shows them"
                  : ""));
    }
  }

  /** Prints one object with the verdicts about all models. */
  private void printJson(Output output) {
    output.verdict(JsonWriter.asciiDocument(this::write) + "\n");
  }

  private void write(JsonWriter json) {
    json.bool("verified", failure().isEmpty());
    ReportJson.writeHeader(json);
    json.string("directory", directory.toString()).string("signatureName", signatureName);
    failure()
        .ifPresent(
            why -> json.string("reason", why.rule().code()).string("message", why.message()));
    json.array("models", models -> objects.forEach(models::raw))
        .array("notLookedAt", names -> others.forEach(names::string));
  }
}
