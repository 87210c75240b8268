package dev.modelsigning.cli.policy;

import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.keys.KeyArguments;
import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.cli.keys.PasswordArguments;
import dev.modelsigning.policy.VerificationSummary;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.KeyContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The signed summary of a verdict, for those who rely on the word of who verifies. */
final class SummaryArguments {

  @Option(
      names = SummaryFile.OPTION,
      paramLabel = "FILE",
      description =
          "Write the verdict as a signed SLSA Verification Summary too, PASSED or FAILED, for one"
              + " model: a Sigstore bundle, or, if the name ends with .jsonl, one more line of a"
              + " claims file. It must not lie in the model.")
  private @Nullable Path file;

  @Option(
      names = "--vsa-key",
      paramLabel = "KEY",
      description =
          "The private key that signs the summary: a file in PEM (PKCS #8 or SEC 1), or a URI such"
              + " as pkcs11:token=gate;object=key.")
  private @Nullable KeyName key;

  @Option(
      names = "--vsa-verifier",
      paramLabel = "URI",
      description =
          "Who verifies, in the summary. Default: " + VerificationSummary.DEFAULT_VERIFIER + ".")
  private @Nullable String verifier;

  @Option(
      names = "--vsa-policy-uri",
      paramLabel = "URI",
      description = "Where the policy is, in the summary. Default: file: and its file name.")
  private @Nullable String policyUri;

  @Option(
      names = "--vsa-resource-uri",
      paramLabel = "URI",
      description =
          "Where the model is, in the summary. Default: file: and its path below the policy's"
              + " directory, or below --root.")
  private @Nullable String resourceUri;

  @Mixin private KeyArguments keys = new KeyArguments();

  @Mixin private PasswordArguments password = new PasswordArguments();

  /** Refuses options that need others, and more than one model. */
  void requireUsage(CommandSpec command, int models) {
    if ((file == null) != (key == null)) {
      throw new WrongUsage(command, "--vsa and --vsa-key need each other");
    }
    if (file == null) {
      details()
          .forEach((option, given) -> {
            if (given) {
              throw new WrongUsage(command, option + " needs --vsa and --vsa-key");
            }
          });
    } else if (models != 1) {
      throw new WrongUsage(
          command, "--vsa: a summary is about one model; verify the models one by one");
    }
    content(command);
    password.source(command);
  }

  /** The options that say more about a summary, and whether each is given. */
  private Map<String, Boolean> details() {
    Map<String, Boolean> details = new LinkedHashMap<>();
    details.put("--vsa-verifier", verifier != null);
    details.put("--vsa-policy-uri", policyUri != null);
    details.put("--vsa-resource-uri", resourceUri != null);
    details.put("--password or --password-file", password.isGiven());
    details.put("--module-path", keys.isGiven());
    return details;
  }

  /** The files that are read to sign. */
  List<Path> inputs(CommandSpec command, boolean quiet) throws IOException, SigningException {
    if (key == null) {
      return List.of();
    }
    List<Path> inputs = new ArrayList<>(keys.files(key, context(command, quiet)));
    inputs.addAll(password.files());
    return inputs;
  }

  /** The file of the summary, if one is asked for. */
  Optional<SummaryFile> file(CommandSpec command) {
    return Optional.ofNullable(file).map(path -> new SummaryFile(path, content(command)));
  }

  /**
   * Opens the key, so that a wrong password is known before the model is hashed. Only here is it
   * read, a password requested, or a PIN tried.
   */
  SummarySigner open(CommandSpec command, boolean quiet) throws IOException, SigningException {
    Optional<SummaryFile> written = file(command);
    return written.isEmpty() || key == null
        ? SummarySigner.none()
        : SummarySigner.of(written.get(), keys.open(key, context(command, quiet)));
  }

  private KeyContext context(CommandSpec command, boolean quiet) {
    return keys.context(password.source(command), command, quiet);
  }

  private VerificationSummary content(CommandSpec command) {
    VerificationSummary content = VerificationSummary.withDefaults();
    if (verifier != null) {
      content = with("--vsa-verifier", verifier, content::verifier, command);
    }
    if (policyUri != null) {
      content = with("--vsa-policy-uri", policyUri, content::policyUri, command);
    }
    if (resourceUri != null) {
      content = with("--vsa-resource-uri", resourceUri, content::resourceUri, command);
    }
    return content;
  }

  private static VerificationSummary with(
      String option,
      String uri,
      Function<String, VerificationSummary> setter,
      CommandSpec command) {
    try {
      return setter.apply(uri);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command, option + ": " + e.getMessage(), e);
    }
  }
}
