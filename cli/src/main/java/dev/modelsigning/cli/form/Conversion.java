package dev.modelsigning.cli.form;

import dev.modelsigning.cli.command.Converters;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program.Cluster;
import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.model.HashAlgorithm;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;

/**
 * Turns arguments into values of one type. One class for all types: a lambda expression for each
 * would cost time at every start.
 */
public final class Conversion<K> implements ITypeConverter<K> {

  private final Class<K> type;
  private final @Nullable Cluster cluster;

  private Conversion(Class<K> type, @Nullable Cluster cluster) {
    this.type = type;
    this.cluster = cluster;
  }

  /**
   * Registers the converters of all types.
   *
   * @param cluster reads the models, if the program of a cluster runs the command
   * @return the same command line
   */
  public static CommandLine addTo(CommandLine line, @Nullable Cluster cluster) {
    add(line, Path.class, cluster);
    add(line, Place.class, cluster);
    add(line, KeyName.class, cluster);
    add(line, HashAlgorithm.class, cluster);
    add(line, Long.class, cluster);
    add(line, Instant.class, cluster);
    add(line, Duration.class, cluster);
    add(line, URI.class, cluster);
    return line;
  }

  private static <K> void add(CommandLine line, Class<K> type, @Nullable Cluster cluster) {
    line.registerConverter(type, new Conversion<>(type, cluster));
  }

  @Override
  public K convert(String argument) {
    return type.cast(
        switch (type.getSimpleName()) {
          case "Path" -> Converters.path(argument);
          case "Place" -> cluster == null ? Place.of(argument) : Place.of(argument, cluster);
          case "KeyName" -> KeyName.of(argument);
          case "HashAlgorithm" -> Converters.hashAlgorithm(argument);
          case "Long" -> Converters.integer(argument);
          case "Instant" -> Converters.instant(argument);
          case "Duration" -> Converters.duration(argument);
          case "URI" -> Converters.uri(argument);
          default -> throw new IllegalStateException("no converter for " + type);
        });
  }
}
