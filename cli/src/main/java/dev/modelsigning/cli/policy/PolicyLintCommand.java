package dev.modelsigning.cli.policy;

import dev.modelsigning.cli.command.FormatArgument;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.policy.Policy;
import dev.modelsigning.policy.report.LintReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a policy. */
@Command(
    name = "lint",
    description = {
      "Check a policy and the trust files of its signers before it decides about models.",
      "Nothing is verified, and no network is used."
    },
    footer = {
      "",
      "Exit status: 0 if the policy can be used, even if there are warnings; 1 if it cannot.",
      "",
      "Examples:",
      "  model-signing policy lint policy.yaml",
      "  model-signing policy lint policy.yaml --format json"
    })
final class PolicyLintCommand implements Task {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "The policy, in YAML or JSON.")
  private @Nullable Path file;

  @Mixin private FormatArgument format = new FormatArgument();

  private List<String> lines = List.of();

  @Override
  public Integer call() throws IOException, NotAcceptedException {
    Output output = Program.of(spec).output(false);
    Path policy = Objects.requireNonNull(file);
    if (Files.notExists(policy)) {
      throw new NoSuchFileException(
          policy.toString(), null, "no such file; name the policy to check, in YAML or JSON");
    }
    LintReport report = new LintReport(policy, Policy.lint(policy));
    if (format.isJson()) {
      output.verdict(report::writeJson);
    }
    if (!report.isUsable()) {
      lines = report.lines();
      throw new NotAcceptedException(report.summary(), null);
    }
    if (!format.isJson()) {
      report.lines().forEach(output::info);
      output.info(report.summary());
    }
    return ExitCode.OK;
  }

  @Override
  public List<String> linesOnFailure() {
    return lines;
  }

  @Override
  public String failure() {
    return "Checking the policy failed with error";
  }
}
