package dev.modelsigning.cli.policy;

import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.BundleFile;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.verify.OutputFile;
import dev.modelsigning.policy.VerificationSummary;
import dev.modelsigning.policy.report.WrittenSummary;
import dev.modelsigning.predicate.PredicateType;
import dev.modelsigning.statement.AttestedStatement;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The file of a signed summary: a bundle of its own, or a claims file to which it is appended.
 *
 * @param path the file
 * @param content what the summary says besides the verdict
 */
record SummaryFile(Path path, VerificationSummary content) {

  /** The option that names it. */
  static final String OPTION = "--vsa";

  private boolean isClaimsFile() {
    return path.toString().endsWith(".jsonl");
  }

  /**
   * Checks, before a verification that may take hours, whether the summary can be written, without
   * loss of what is there.
   *
   * @param model the model, if it is in the file system
   * @param inputs files that are read, in addition to those given as path arguments
   */
  void requireWritable(CommandSpec command, Optional<Path> model, List<Path> inputs)
      throws IOException, MalformedBundleException {
    OutputFile place = new OutputFile(OPTION, path, command);
    if (model.isPresent()) {
      place.requireOutsideModel(model.get());
    }
    // Nothing is lost in a claims file, which may be the one with the other attestations.
    place.requireUnread(inputs, isClaimsFile() ? Set.of("--claims") : Set.of());
    if (isClaimsFile()) {
      ClaimsFile.requireWritable(path);
    } else {
      BundleFile.requireWritable(path);
      requireReplaceable();
    }
  }

  /**
   * Refuses to replace anything but an earlier summary: signatures and claims are found by
   * convention and the trust of signers is named in the policy, so no option tells all that is
   * read.
   */
  private void requireReplaceable() throws IOException {
    if (!Files.exists(path) || Files.size(path) == 0) {
      return;
    }
    FileSystemException refused =
        new FileSystemException(
            path.toString(),
            null,
            "this is no verification summary, so it is not replaced; choose another place for the"
                + " summary");
    try {
      AttestedStatement there = AttestedStatement.readUnverified(Bundle.read(path));
      if (there.predicateType().equals(PredicateType.VSA.uri())) {
        return;
      }
    } catch (MalformedBundleException | IOException e) {
      refused.initCause(e);
    }
    throw refused;
  }

  /**
   * Writes a summary, whole or not at all.
   *
   * @param passed whether it says that the model passed
   */
  WrittenSummary write(Bundle summary, boolean passed)
      throws IOException, MalformedBundleException {
    if (isClaimsFile()) {
      return new WrittenSummary(path, ClaimsFile.append(path, summary), passed);
    }
    // Verification may have taken hours, in which others may have written something.
    requireReplaceable();
    summary.write(path);
    return new WrittenSummary(path, 0, passed);
  }
}
