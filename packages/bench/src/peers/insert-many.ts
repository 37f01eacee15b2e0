import { createServer, type ServerResponse } from 'node:http'
import { LOOPBACK, seededRandom } from '@hookline/local'
import { MongoClient } from 'mongodb'
import { pointsEvents } from '../records/points-orders.ts'

// As fast as documents come into an inbox where nothing else is done: no Kafka, no orders, no effects.
// `PUT /<count>` makes documents, `POST /` inserts them.

const AT_A_TIME = 200

const { MONGODB_URI = '', NAME = '', PORT } = process.env
const mongo = new MongoClient(MONGODB_URI, { writeConcern: { w: 'majority', journal: true } })
const inbox = mongo.db(NAME).collection('webhook_events')
await inbox.createIndex({ source: 1, order_id: 1, event: 1, occurrence: 1 }, { unique: true })

const random = seededRandom(1)
let documents: readonly object[] = []

const server = createServer((request, response) => {
  const count = Number(request.url?.slice(1))
  if (request.method === 'PUT') documents = documentsOf(count)
  else if (request.method === 'POST') return void insert(response)
  response.end()
})
server.listen(Number(PORT), LOOPBACK)
process.once('SIGTERM', () => {
  server.closeAllConnections()
  server.close()
  void mongo.close()
})

async function insert(response: ServerResponse): Promise<void> {
  try {
    for (let n = 0; n < documents.length; n += AT_A_TIME) {
      await inbox.insertMany(documents.slice(n, n + AT_A_TIME), { ordered: false })
    }
    response.end()
  } catch (error) {
    response.writeHead(500).end(String(error))
  }
}

function documentsOf(count: number): readonly object[] {
  const now = new Date()
  return pointsEvents(count, random, now.getTime()).map(event => ({
    ...event,
    last_webhook_at: new Date(event.last_webhook_at),
    received_at: new Date(event.received_at),
    state: 'open',
    accepted_at: now,
  }))
}
