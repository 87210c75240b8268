package dev.modelsigning.cli.store;

import dev.modelsigning.cli.command.LargeBlocks;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.s3.S3File;
import dev.modelsigning.s3.S3Options;
import dev.modelsigning.s3.S3Reference;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Map;
import java.util.Optional;
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

  /**
   * Whether an object that is written would replace what is read, or make its reference ambiguous:
   * it has the same key, or what is read lies below it as below a directory.
   *
   * @param read a model, or an object
   */
  public static boolean collides(S3Reference written, S3Reference read) {
    return written.bucket().equals(read.bucket())
        && (read.key().equals(written.key()) || read.key().startsWith(written.key() + "/"));
  }

  /**
   * Refuses to write where an object above or below is in the way, while nothing has been read or
   * signed.
   *
   * @param what what is written
   * @param option the option that names another place
   */
  public static void requireFree(S3File file, String what, String option) throws IOException {
    Optional<String> obstacle = file.obstacle();
    if (obstacle.isPresent()) {
      throw new FileSystemException(
          file.reference().toString(),
          null,
          what
              + " cannot be there, as "
              + obstacle.get()
              + " is an object, and none can be below another; choose another place with "
              + option);
    }
  }
}
