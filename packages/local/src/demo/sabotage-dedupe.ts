import { MongoClient } from 'mongodb'
import { CONSUMERS } from './judged.ts'
import type { Sabotage, SabotageOptions } from './sabotage.ts'

/** Without the unique index every delivery of an event is an event of its own. */
export async function sabotageDedupe({ stack, note }: SabotageOptions): Promise<Sabotage> {
  const mongo = new MongoClient(stack.info.mongodb)
  try {
    for (const service of CONSUMERS)
      await mongo.db(service).collection('webhook_events').dropIndex('webhook_event_dedupe')
  } finally {
    await mongo.close()
  }
  note('sabotage: the unique index webhook_event_dedupe is dropped in every database')
  return {}
}
