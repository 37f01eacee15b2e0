package dev.hookline.example;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Prints each event that tells the newest status of an order, one line of JSON each, until it is told to stop. */
public final class Reader {
  private static final JsonMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static volatile boolean stopping;
  private static volatile int exitCode = 1;

  private enum Outcome { PRINTED, REPEAT, OLDER, NOT_HANDLED, UNREADABLE }

  /** In memory: a reader that does more than print keeps both in its database, written together with what it does. */
  private final Set<String> handledIds = new HashSet<>();
  private final Map<String, String> newestVersions = new HashMap<>();

  public static void main(String[] args) throws JsonProcessingException {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    stopOnSignal(Thread.currentThread());
    var reader = new Reader();
    var counts = new EnumMap<Outcome, Integer>(Outcome.class);
    try (var consumer = new KafkaConsumer<>(settings(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("points.webhook", "hc.webhook"));
      while (!stopping) {
        for (var record : consumer.poll(Duration.ofMillis(500))) counts.merge(reader.read(record), 1, Integer::sum);
        commit(consumer); // after what was done: the other way round a crash would lose events
      }
    }
    System.err.println("stopped: " + counts);
    exitCode = 0;
  }

  private Outcome read(ConsumerRecord<byte[], byte[]> record) throws JsonProcessingException {
    Optional<OrderEvent> event;
    try {
      event = OrderEvent.of(KafkaMessageFactory.createReader(record).toEvent());
    } catch (RuntimeException e) {
      // one bad record must not stop its partition; what it holds may be personal: tell only where it is
      System.err.printf("unreadable: %s-%d, offset %d%n", record.topic(), record.partition(), record.offset());
      return Outcome.UNREADABLE;
    }
    return event.isPresent() ? handle(event.get()) : Outcome.NOT_HANDLED;
  }

  private Outcome handle(OrderEvent event) throws JsonProcessingException {
    if (!handledIds.add(event.id())) return Outcome.REPEAT;
    var order = event.source() + "/" + event.subject();
    if (event.version().compareTo(newestVersions.getOrDefault(order, "")) < 0) return Outcome.OLDER;
    newestVersions.put(order, event.version());
    System.out.println(JSON.writeValueAsString(event));
    return Outcome.PRINTED;
  }

  private static void commit(KafkaConsumer<?, ?> consumer) {
    try {
      consumer.commitSync();
    } catch (CommitFailedException | RebalanceInProgressException e) {
      // partitions are moving: who has them next may read these records again, and knows them by their ids
    }
  }

  private static Map<String, Object> settings() {
    return Map.of(
        "bootstrap.servers", System.getenv().getOrDefault("KAFKA_BROKERS", "127.0.0.1:9092"),
        "group.id", "java-reader",
        "auto.offset.reset", "earliest",
        "enable.auto.commit", false);
  }

  /** Ctrl-C and SIGTERM let the loop end its round, commit, and leave the group. */
  private static void stopOnSignal(Thread loop) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      stopping = true;
      try {
        loop.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      // a JVM that got a signal ends with 130 or 143 by itself, however well it closed
      Runtime.getRuntime().halt(exitCode);
    }));
  }
}
