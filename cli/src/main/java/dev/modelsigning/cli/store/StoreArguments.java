package dev.modelsigning.cli.store;

import dev.modelsigning.cli.command.LargeBlocks;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.s3.S3Options;
import dev.modelsigning.s3.S3Reference;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How an object store is asked. */
public final class StoreArguments {

  @Option(
      names = "--s3-endpoint",
      paramLabel = "URL",
      description =
          "The address of the object store: https, or http on this machine. Default: that of"
              + " AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, else S3 in the region.")
  private @Nullable String endpoint;

  @Option(
      names = "--s3-requester-pays",
      description = "Pay for the requests to a bucket whose owner does not.")
  private boolean requesterPays;

  /** Creates arguments that the parser sets. */
  public StoreArguments() {}

  /** Refuses these options where nothing is in a store, and an address that cannot be one. */
  public void requireUsage(CommandSpec command, boolean used) {
    if (!used && (endpoint != null || requesterPays)) {
      throw new WrongUsage(
          command, "--s3-endpoint and --s3-requester-pays are for models and signatures in s3://");
    }
    if (endpoint != null) {
      try {
        S3Options.withDefaults().withEndpoint(endpoint);
      } catch (IllegalArgumentException e) {
        throw new WrongUsage(command, String.valueOf(e.getMessage()), e);
      }
    }
  }

  /**
   * The options for the store.
   *
   * @param trusting whether its checksums are believed
   */
  public S3Options options(Map<String, String> environment, boolean trusting) {
    LargeBlocks.use();
    S3Options options = S3Options.withDefaults().withEnvironment(environment);
    options = endpoint == null ? options : options.withEndpoint(endpoint);
    options = requesterPays ? options.payingRequests() : options;
    return trusting ? options.trustingStoredChecksums() : options;
  }

  /** Adds these options to a command for the same store. */
  public ShellCommand add(ShellCommand command) {
    ShellCommand more = endpoint == null ? command : command.option("--s3-endpoint", endpoint);
    return requesterPays ? more.option("--s3-requester-pays") : more;
  }

  /** The reference of an argument; a malformed one is wrong usage. */
  public static S3Reference reference(Place place, CommandSpec command) {
    try {
      return S3Reference.parse(place.toString());
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command, String.valueOf(e.getMessage()), e);
    }
  }

  /** The reference of a single object. */
  public static S3Reference object(Place place, CommandSpec command) {
    S3Reference reference = reference(place, command);
    if (reference.directory()) {
      throw new WrongUsage(
          command, reference + " is a prefix; name an object, as in " + reference + "model.sig");
    }
    return reference;
  }
}
