package dev.modelsigning.cli.command;

import dev.modelsigning.report.Facts;
import dev.modelsigning.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;

/** A command that says how its failures begin. */
public interface Task extends Callable<Integer> {

  /** The words before the message, such as {@code Signing failed with error}. */
  String failure();

  /** The exit status of its failures. */
  default int failureStatus() {
    return ExitCode.SOFTWARE;
  }

  /** Whether to print nothing but failures. */
  default boolean quiet() {
    return false;
  }

  /** The model that it is about, as it was named; empty if it is about none. */
  default String subject() {
    return "";
  }

  /** The time between two runs of a command that is run at intervals. */
  default Optional<Duration> interval() {
    return Optional.empty();
  }

  /** How a run that succeeded ended, in one line, of a command that is run at intervals. */
  default String summary() {
    return "succeeded";
  }

  /** Whether all that was to be verified is, of a command that verifies, once it has ended. */
  default boolean isVerified() {
    return false;
  }

  /** A small file for the text of the verdict, such as the termination message of a container. */
  default Optional<Path> terminationLog() {
    return Optional.empty();
  }

  /** The verdict of a command that gives one, once there is one. */
  default Optional<Verdict> verdict() {
    return Optional.empty();
  }

  /** What to do about differences that come from where the model lies, behind the verdict. */
  default List<String> adviceOnDifferences() {
    return List.of();
  }

  /** Lines of a list behind the message of a failure; each is escaped where it is printed. */
  default List<String> linesOnFailure() {
    return List.of();
  }

  /** Lines about a failure that are printed elsewhere, for the text of the verdict in a file. */
  default List<String> linesForLog() {
    return List.of();
  }

  /** What a failed command left, such as a report; printed last. */
  default Optional<String> noteOnFailure() {
    return Optional.empty();
  }

  /** How many lines of a list to show. */
  default int mostLines() {
    return Facts.MOST_LINES;
  }

  /**
   * What to do about a signer whose certificate nobody vouches for who is trusted, where this
   * command has options of its own for that.
   */
  default Optional<String> adviceOnUntrustedCertificate() {
    return Optional.empty();
  }

  /** Which command to use instead, where the signature is one for another. */
  default Optional<String> adviceOnMethod() {
    return Optional.empty();
  }
}
