package dev.modelsigning.cli.inspect;

import dev.modelsigning.cli.command.FormatArgument;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.model.HashArguments;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.store.StoreArguments;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.report.DigestReport;
import dev.modelsigning.s3.S3Model;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the root digest of a model. */
@Command(
    name = "digest",
    description = {
      "Print the root digest of a model (OMS 6.5.1).",
      "It is the digest that a signature would state, as long as the same is left out."
    },
    footer = {
      "",
      "Examples:",
      "  model-signing digest my-model --ignore-paths my-model/model.sig",
      "  model-signing digest my-model --format json",
      "  model-signing digest s3://models/bert"
    })
final class DigestCommand implements Task {

  @Spec private CommandSpec spec;

  @Mixin private HashArguments hashing = new HashArguments();

  @Mixin private FormatArgument format = new FormatArgument();

  @Mixin private StoreArguments store = new StoreArguments();

  @Override
  public Integer call() throws Exception {
    Output output = Program.of(spec).output(quiet());
    store.requireUsage(spec, hashing.model().isInStore());
    HashedModel hashed = hash(hashing.hasher(spec, output));
    hashed.findings().forEach(output::finding);
    if (format.isJson()) {
      output.verdict(
          new DigestReport(subject(), hashed).withMessages(output::withoutSecrets)::writeJson);
    } else {
      output.data(hashed.manifest().rootDigest() + System.lineSeparator());
    }
    return 0;
  }

  private HashedModel hash(ModelHasher hasher) throws IOException {
    if (!hashing.model().isInStore()) {
      return hasher.hash(hashing.model().model());
    }
    try (S3Model model =
        S3Model.open(
            StoreArguments.reference(hashing.model().place(), spec),
            store.options(Program.of(spec).environment(), false))) {
      return hasher.hash(model);
    }
  }

  @Override
  public String subject() {
    return hashing.model().place().toString();
  }

  @Override
  public String failure() {
    return "Computing digest failed";
  }

  @Override
  public boolean quiet() {
    return hashing.model().quiet();
  }
}
