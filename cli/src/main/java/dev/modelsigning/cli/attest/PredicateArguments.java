package dev.modelsigning.cli.attest;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.predicate.*;
import dev.modelsigning.signing.*;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

final class PredicateArguments {
  @Option(names = "--predicate-type", paramLabel = "TYPE", required = true, description = "t")
  private @Nullable String type;

  @Option(names = "--predicate", paramLabel = "FILE", description = "f")
  private @Nullable Path file;

  private String json = "";

  void check(CommandSpec spec) throws IOException, SigningException {
    try {
      json = type().read(file);
    } catch (MalformedPredicateException e) {
      throw new SigningException(e.getMessage(), e);
    }
  }

  PredicateType type() {
    return PredicateType.of(type);
  }

  List<Path> files() {
    return file == null ? List.of() : List.of(file);
  }

  GeneratedPredicate generate(VerifiedModel m, BundleVerifier v, CommandSpec s) {
    return new GeneratedPredicate(json, List.of());
  }
}
