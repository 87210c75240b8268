package dev.modelsigning.cli;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.SignedModel;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.report.Facts;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** What all methods of signing have in common: their options, and what they say. */
final class SignArguments {

  @Mixin private HashArguments hashing = new HashArguments();

  @Mixin private SignatureArgument signature = new SignatureArgument();

  boolean quiet() {
    return hashing.model().quiet();
  }

  /**
   * Refuses a place for the signature where it must not be written, or cannot.
   *
   * @param inputs the files that signing needs besides the model
   */
  @SafeVarargs
  final void requirePlace(List<Path>... inputs) throws IOException, SigningException {
    List<Path> all = new ArrayList<>();
    for (List<Path> each : inputs) {
      all.addAll(each);
    }
    signature.requireFree(all);
  }

  /** Signs the model, writes the signature and says what was signed by whom. */
  void sign(PayloadSigner signer, CommandSpec command) throws IOException, SigningException {
    Output output = ModelSigning.of(command).output(quiet());
    Path file = signature.path();
    SignedModel signed =
        ModelSigner.using(signer)
            .withHasher(hashing.hasher(command, output))
            .sign(hashing.model().model(), file);
    HashedModel content = signed.content();
    output.result("Signing succeeded");
    output.info(
        new Facts()
            .add("signature", file.toString())
            .addSigner(signed.signature().signer())
            .addFiles(content.manifest(), content.files(), content.bytes())
            .addUncovered(content.uncovered()));
    content.findings().forEach(output::finding);
    signed.signature().findings().forEach(output::finding);
    hashing.warnAboutPeers(output);
  }
}
