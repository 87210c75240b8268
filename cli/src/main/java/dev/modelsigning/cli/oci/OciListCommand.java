package dev.modelsigning.cli.oci;

import dev.modelsigning.cli.command.FormatArgument;
import dev.modelsigning.cli.command.ListArguments;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.inspect.Claims;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.registry.References;
import dev.modelsigning.oci.OciReferrers;
import dev.modelsigning.oci.reference.OciReference;
import dev.modelsigning.oci.report.ReferrersReport;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what refers to a model in a registry, without any verification. */
@Command(
    name = "list",
    description = {
      "List the signatures and attestations of a model in a registry, WITHOUT verifying them.",
      "Anybody who may write to the repository could have put them there; only 'verify' and"
          + " 'verify-attestation' tell whether they are true."
    },
    footer = {
      "",
      "Examples:",
      "  model-signing oci list oci://registry.example/my-model:1",
      "  model-signing oci list oci://registry.example/my-model:1 --format json"
    })
final class OciListCommand implements Task {

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "REFERENCE",
      description = "The model, as oci://HOST/REPOSITORY:TAG, or with @sha256:DIGEST.")
  private @Nullable Place reference;

  @Mixin private FormatArgument format = new FormatArgument();

  @Mixin private ListArguments lists = new ListArguments();

  @Override
  public Integer call() throws IOException {
    Output output = Program.of(spec).output(false);
    OciReference asked = References.of(Objects.requireNonNull(reference), spec);
    OciReferrers referrers = OciReferrers.of(asked, Program.of(spec).environment());
    ReferrersReport report =
        ReferrersReport.of(asked, referrers.pinned(), referrers.find(), Claims::read);
    if (!format.isJson()) {
      output.result(report.headline());
      report.writeLines(lists.mostLines(), output::info);
      output.info(References.verification(asked));
    }
    report.findings().stream().limit(lists.mostLines()).forEach(output::finding);
    int more = report.findings().size() - lists.mostLines();
    if (more > 0) {
      output.warning("... and " + more + " more; --all shows them");
    }
    if (format.isJson()) {
      output.verdict(report.withMessages(output::withoutSecrets)::writeJson);
    }
    return 0;
  }

  @Override
  public String subject() {
    return reference == null ? "" : reference.toString();
  }

  @Override
  public String failure() {
    return "Listing failed with error";
  }
}
