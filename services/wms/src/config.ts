import { Type } from 'typebox'

export const config = Type.Object({
  WMS_URL: Type.String({ pattern: '^https?://', description: "the warehouse's API, such as https://wms.example/api" }),
  WMS_CONNECTIONS: Type.Integer({
    default: 64,
    minimum: 1,
    maximum: 1_000,
    description: 'at most so many requests at a time, each on a connection of its own',
  }),
})
