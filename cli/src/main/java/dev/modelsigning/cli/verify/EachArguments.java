package dev.modelsigning.cli.verify;

import dev.modelsigning.cli.command.WrongUsage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Option;

/** Many models instead of one: their directory, and the name of their signatures. */
public final class EachArguments {

  private static final String EACH = "--each";
  private static final String NAME = "--signature-name";

  @Option(
      names = EACH,
      paramLabel = "DIR",
      description =
          "Verify each directory directly below this one, with the signature in it, in place of"
              + " MODEL_PATH and --signature. All must be verified.")
  private List<Path> directories = new ArrayList<>();

  @Option(
      names = NAME,
      paramLabel = "NAME",
      description = "With --each: the path of the signature in each model, such as model.sig.")
  private @Nullable String signatureName;

  /**
   * Makes the model and signature arguments optional if the command line is for many models.
   * Otherwise they remain required, and are shown as such in the usage.
   */
  public static void relax(CommandLine command, String[] args) {
    boolean given = false;
    for (String arg : args) {
      given |= arg.equals(EACH) || arg.startsWith(EACH + "=");
    }
    if (given) {
      command.getSubcommands().values().forEach(each -> relax(each.getCommandSpec()));
    }
  }

  private static void relax(CommandSpec method) {
    OptionSpec signature = method.findOption("--signature");
    if (signature == null || method.findOption(EACH) == null) {
      return;
    }
    replace(method, signature, OptionSpec.builder(signature).required(false).build());
    for (PositionalParamSpec model :
        method.positionalParameters().toArray(new PositionalParamSpec[0])) {
      replace(
          method, model, PositionalParamSpec.builder(model).arity("0..1").required(false).build());
    }
  }

  private static void replace(CommandSpec method, ArgSpec before, ArgSpec after) {
    method.remove(before);
    method.add(after);
  }

  /** Whether many models are verified. */
  boolean isGiven() {
    return !directories.isEmpty();
  }

  /** The parent directory of the models. */
  Path directory() {
    return directories.get(0);
  }

  /** The path of the signature in each model. */
  String signatureName() {
    return Objects.requireNonNull(signatureName);
  }

  /**
   * Refuses invalid combinations of options.
   *
   * @param one whether a model or a signature is given, which means a single model
   */
  void requireUsage(CommandSpec command, boolean one) {
    if (!isGiven()) {
      if (signatureName != null) {
        throw new WrongUsage(command, NAME + " is for " + EACH + "; expected --signature");
      }
      return;
    }
    if (directories.size() > 1) {
      // Unlike elsewhere, the last one must not count: the other directories would seem verified.
      throw new WrongUsage(command, EACH + " is of one directory; verify them one by one");
    }
    if (one) {
      throw new WrongUsage(
          command, EACH + " takes the place of MODEL_PATH and --signature, so name either");
    }
    if (signatureName == null) {
      throw new WrongUsage(command, EACH + " needs " + NAME + ", such as " + NAME + " model.sig");
    }
    Path name = Path.of(signatureName);
    boolean within = !name.isAbsolute() && !signatureName.isEmpty();
    for (Path part : name) {
      within &= !part.toString().equals("..") && !part.toString().equals(".");
    }
    if (!within) {
      throw new WrongUsage(
          command,
          NAME + " is a path in each model: expected neither '/' before it nor '..' in it");
    }
  }
}
