package dev.modelsigning.cli.oci;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.FormatArgument;
import dev.modelsigning.cli.command.ListArguments;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.model.ModelArgument;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.output.ProgressLine;
import dev.modelsigning.cli.registry.AttachModeOption;
import dev.modelsigning.cli.registry.References;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.oci.OciPush;
import dev.modelsigning.oci.PushedModel;
import dev.modelsigning.oci.reference.OciReference;
import dev.modelsigning.oci.report.PushReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Pushes a model to a registry, with its signatures and claims. */
@Command(
    name = "push",
    description = {
      "Push a model to a registry, each file as a layer (ModelPack), with its signatures and claims.",
      "Nothing is signed or verified here: signatures and claims are attached as they are, if they"
          + " are about exactly the files that are pushed. The tag is written last, so it never leads"
          + " to half a model. Links are refused."
    },
    footer = {
      "",
      "Examples:",
      "  model-signing oci push my-model oci://registry.example/my-model:1",
      "  model-signing oci push . oci://registry.example/m:1 --signature ../model.sig"
    })
final class OciPushCommand implements Task {

  @Spec private CommandSpec spec;

  @Mixin private ModelArgument model = new ModelArgument();

  @Parameters(
      index = "1",
      paramLabel = "REFERENCE",
      description = "Where to push it, as oci://HOST/REPOSITORY:TAG.")
  private @Nullable Place reference;

  @Option(
      names = "--signature",
      paramLabel = "FILE",
      description =
          "A signature to attach; one that is not about the files that are pushed is refused. Can be"
              + " repeated. Default: model.sig in the model and beside it, which has to be about these"
              + " files, too.")
  private List<Path> signatures = new ArrayList<>();

  @Option(
      names = "--claims",
      paramLabel = "FILE",
      description =
          "A claims file, each of whose claims about the model is attached; one that has none is"
              + " refused. Default: claims.jsonl in the model and beside it.")
  private @Nullable Path claims;

  @Mixin private AttachModeOption attach = new AttachModeOption();

  @Mixin private FormatArgument format = new FormatArgument();

  @Mixin private ListArguments lists = new ListArguments();

  @Override
  public Integer call() throws IOException, MalformedBundleException {
    Output output = Program.of(spec).output(quiet());
    Path directory = model.model();
    OciReference target = References.of(Objects.requireNonNull(reference), spec);
    OciPush push;
    try {
      push = OciPush.to(target);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(spec, String.valueOf(e.getMessage()), e);
    }
    model.requireExisting();
    List<String> ignored = model.ignorePaths();
    Reading reading;
    try {
      reading = ModelArgument.ignoring(model.reading(spec, output), ignored);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(spec, "--ignore-paths: " + e.getMessage(), e);
    }
    model.absent(ignored).forEach(output::finding);
    push =
        push.withReading(reading)
            .withSignatures(signatures)
            .withAttachMode(attach.mode(spec))
            .withProgress(ProgressLine.on(output, "pushing"));
    PushedModel pushed =
        (claims == null ? push : push.withClaims(claims))
            .push(directory, Program.of(spec).environment());
    print(new PushReport(subject(), pushed, output::withoutSecrets), output);
    return 0;
  }

  private void print(PushReport report, Output output) throws IOException {
    if (!format.isJson()) {
      output.result(report.headline());
      output.info(report.facts(), lists.mostLines());
      if (!report.pushed().attached().isEmpty()) {
        output.info(References.verification(report.pushed().reference()));
      }
    }
    report.pushed().findings().forEach(output::finding);
    if (format.isJson()) {
      output.verdict(report::writeJson);
    }
  }

  @Override
  public String subject() {
    return model.isNamed() ? model.place().toString() : "";
  }

  @Override
  public String failure() {
    return "Pushing failed with error";
  }

  @Override
  public boolean quiet() {
    return model.quiet();
  }
}
