package dev.modelsigning.cli.predicate;

import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.predicate.MalformedPredicateException;
import dev.modelsigning.predicate.SlsaProvenance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How the model was built, for provenance that this program writes. */
final class ProvenanceArguments {

  @Option(
      names = "--builder-id",
      paramLabel = "URI",
      description =
          "For slsa without --predicate: who ran the build. Default: the workflow or runner, in a"
              + " job of GitHub Actions or GitLab CI.")
  private @Nullable String builderId;

  @Option(
      names = "--build-type",
      paramLabel = "URI",
      description =
          "For slsa without --predicate: the document that says what the parameters mean. With it,"
              + " nothing is taken from the environment.")
  private @Nullable String buildType;

  @Option(
      names = "--invocation-id",
      paramLabel = "ID",
      description =
          "For slsa without --predicate: identifies the run. Default: the address of the run or"
              + " job.")
  private @Nullable String invocationId;

  @Option(
      names = "--started-on",
      paramLabel = "TIME",
      description = "For slsa without --predicate: when the build began.")
  private @Nullable Instant startedOn;

  @Option(
      names = "--finished-on",
      paramLabel = "TIME",
      description = "For slsa without --predicate: when the build ended.")
  private @Nullable Instant finishedOn;

  @Option(
      names = "--parameter",
      paramLabel = "PARAMETER",
      description =
          "For slsa with --build-type: a parameter of the build, NAME=VALUE. Can be repeated. It is published,"
              + " so it must be no secret.")
  private List<String> parameters = new ArrayList<>();

  /** What was given, from {@link #check} on. */
  private @Nullable SlsaProvenance checked;

  /** The first of these options that was given; empty if none was. */
  String given() {
    if (builderId != null) {
      return "--builder-id";
    }
    if (buildType != null) {
      return "--build-type";
    }
    if (invocationId != null) {
      return "--invocation-id";
    }
    if (startedOn != null) {
      return "--started-on";
    }
    if (finishedOn != null) {
      return "--finished-on";
    }
    return parameters.isEmpty() ? "" : "--parameter";
  }

  /**
   * Checks the options and the environment.
   *
   * @throws MalformedPredicateException if a variable of the environment is missing or malformed
   */
  void check(CommandSpec command, Map<String, String> environment)
      throws MalformedPredicateException {
    SlsaProvenance.Builder builder = SlsaProvenance.builder().environment(environment);
    try {
      Optional.ofNullable(builderId).ifPresent(builder::builderId);
      Optional.ofNullable(buildType).ifPresent(builder::buildType);
      Optional.ofNullable(invocationId).ifPresent(builder::invocationId);
      Optional.ofNullable(startedOn).ifPresent(builder::startedOn);
      Optional.ofNullable(finishedOn).ifPresent(builder::finishedOn);
      for (String parameter : parameters) {
        int equals = parameter.indexOf('=');
        if (equals < 1) {
          throw new WrongUsage(command, "--parameter: expected NAME=VALUE");
        }
        builder.parameter(parameter.substring(0, equals), parameter.substring(equals + 1));
      }
      checked = builder.build();
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(
          command,
          "provenance: "
              + e.getMessage()
              + " (--builder-id, --build-type, --invocation-id, --started-on, --finished-on,"
              + " --parameter)",
          e);
    } catch (MalformedPredicateException e) {
      // Only the environment can be the cause here.
      throw new MalformedPredicateException(
          e.getMessage() + "; correct it, or give --builder-id and --build-type", e);
    }
  }

  /** The provenance without base models and datasets. Only after {@link #check}. */
  SlsaProvenance checked() {
    return Objects.requireNonNull(checked);
  }
}
